import { createApp } from "vue";
import "element-plus/theme-chalk/base.css";
import "../ui/theme.css";
import "./console.css";
import "./views.css";
import App from "./App.vue";
import { begin } from "./box.js";

begin();
createApp(App).mount("#app");
