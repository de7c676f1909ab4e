// What every page does; one concern a module.
import { startConfirmations } from "./confirm.js";
import { startCopying } from "./copy.js";
import { startDialogs } from "./dialogs.js";
import { startRequests } from "./requests.js";
import { startShortcuts } from "./shortcuts.js";
import { startSuggestions } from "./suggestions.js";

startDialogs();
startConfirmations();
startRequests();
startCopying();
startShortcuts();
startSuggestions();
