// Requests of scripts: the token that proves they come from our own page, and what a refused one says.

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

// Shows a passing message. kind: info, success, warning or danger.
export function toast(text, kind = "info") {
  const box = document.createElement("div");
  box.className = `alert alert-${kind} alert-dismissible`;
  box.setAttribute("role", kind === "danger" ? "alert" : "status");
  box.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn-close";
  close.setAttribute("aria-label", "×");
  close.addEventListener("click", () => box.remove());
  box.append(close);
  document.getElementById("toasts").append(box);
  if (kind !== "danger") setTimeout(() => box.remove(), 6000);
}

// Returns the message of a refused request's problem record, or "" where the answer is none.
export function messageOf(responseText) {
  try {
    return JSON.parse(responseText).error.message;
  } catch {
    return "";
  }
}

// fetch with the token; throws an Error with code and message where the answer is a problem record.
export async function send(address, options = {}) {
  const headers = new Headers(options.headers);
  headers.set("X-CSRFToken", csrfToken());
  headers.set("Accept", "application/json");
  const response = await fetch(address, { ...options, headers, credentials: "same-origin" });
  if (response.status === 401 && response.headers.has("HX-Redirect")) {
    window.location.assign(response.headers.get("HX-Redirect"));
  }
  if (!response.ok) {
    const text = await response.text();
    const error = new Error(messageOf(text) || response.statusText);
    error.status = response.status;
    throw error;
  }
  return response;
}

export function startRequests() {
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("htmx:responseError", (event) => {
    const message = messageOf(event.detail.xhr.responseText);
    if (message) toast(message, "danger");
  });
  document.addEventListener("htmx:sendError", () => toast(document.body.dataset.offline, "danger"));
}
