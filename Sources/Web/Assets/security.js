// The page on one's own security: each part in a file of its own.
import "./copy.js";
import "./new-password.js";
import { remember } from "./refresh.js";
import "./security-password.js";
import "./second-factor.js";
import "./sign-ins.js";
import "./linked-accounts.js";
import "./keys.js";

remember();
