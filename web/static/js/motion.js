// How pages scroll by themselves: at once for those who asked their system for less motion.
export const scrolling = window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
