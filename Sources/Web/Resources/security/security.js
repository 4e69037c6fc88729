// The page on one's own security: each part in a file of its own.
import "../shared/copy.js";
import "../shared/new-password.js";
import { remember } from "../shared/refresh.js";
import "./password.js";
import "./second-factor.js";
import "./sign-ins.js";
import "./linked-accounts.js";
import "./keys.js";

remember();
