import { createApp } from "vue";
import "element-plus/theme-chalk/base.css";
import App from "./App.vue";
import { begin } from "./session.js";
// After those of the components, which they change.
import "../ui/theme.css";
import "../ui/parts.css";
import "./calls.css";
import "./terminal.css";

begin();
createApp(App).mount("#app");
