// What `zod/mini` says of a flaw is "Invalid input" until it is told a language; `zod` tells it English by itself.
import { config } from "zod/mini";
import en from "zod/v4/locales/en.js";

config(en());
