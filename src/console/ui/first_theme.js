// Light or dark before anything is shown: as chosen here (theme.js), else as the device prefers.
import { recall } from "./keep.js";

const preferred = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
document.documentElement.dataset.theme = recall("theme", "localStorage") ?? preferred;
