/**
 * The pinned loader: one ES module for hosts that set `integrity`. The form is fetched; the WASM is held to the hash
 * that the build put beside the glue.
 */
import { define } from "./define.js";

define({ pinned: import.meta.url, base: new URL("../../", import.meta.url).href });
