import { createApp } from "vue";
import "element-plus/theme-chalk/base.css";
import App from "./App.vue";
import { begin } from "./box.js";
// After those of the components, which they change.
import "../ui/theme.css";
import "../ui/parts.css";
import "./console.css";
import "./views.css";

begin();
createApp(App).mount("#app");
