/**
 * A form's own loader: a classic script that carries one form (the collector puts its bundle in the place below).
 */
import { define } from "./define.js";

const bundle = "__VINKJE_BUNDLE__";
define({ bundle });
