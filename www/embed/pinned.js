/**
 * The pinned loader: one ES module with the element and the glue, for hosts that set `integrity`. The form is fetched;
 * the WASM is held to the hash that stands here. The build knows `vinkje-glue`
 * as the output of wasm-bindgen.
 */
import * as glue from "vinkje-glue";
import { define } from "./define.js";

const { url, integrity } = "__VINKJE_WASM__";
define({
  source: { glue, wasm: { url: new URL(url, import.meta.url), integrity } },
  base: new URL("../../", import.meta.url).href,
});
