import { createApp } from "vue";
import "element-plus/theme-chalk/base.css";
import "../ui/theme.css";
import "./terminal.css";
import App from "./App.vue";
import { begin } from "./session.js";

begin();
createApp(App).mount("#app");
