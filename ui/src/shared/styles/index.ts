/** Fonts, tokens and base rules, in the order in which they build on each other. */
import "@fontsource-variable/inter/opsz.css";
import "@fontsource-variable/jetbrains-mono/index.css";
import "./tokens.css";
import "./base.css";
