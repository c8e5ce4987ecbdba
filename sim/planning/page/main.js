// Starts the page in a browser: the server that sent it answers, and its address carries the plan.
import { browserAddress } from "./address.js";
import { httpPort } from "./http.js";
import { mount } from "./planner.js";

const token = new URLSearchParams(location.search).get("token") ?? "";
mount(document.getElementById("planner"), httpPort(token), browserAddress);
