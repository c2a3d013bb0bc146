import { en } from "./texts_en.js";
import { zh } from "./texts_zh.js";

export const texts = { en, zh };
