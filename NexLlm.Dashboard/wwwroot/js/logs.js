// What only the browser knows of the page of logs.

/** Tells the page when the beginning of the list leaves the screen and when it is back. */
export function watch(top, page) {
  let isAway = false;
  const observer = new IntersectionObserver(([{ isIntersecting }]) => {
    // What is gone from the page is away too, but nobody is left to be told.
    if (top.isConnected && isAway === isIntersecting) {
      isAway = !isIntersecting;
      page.invokeMethodAsync('SetAway', isAway);
    }
  }, { rootMargin: '-64px 0px 0px' }); // what the bar of the page covers is out of sight
  observer.observe(top);
  return observer;
}

export function toTop() {
  scrollTo({ top: 0, behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth' });
}

/** Whether the request has a row, which then has the focus. */
export function focusRow(requestId) {
  const link = document.querySelector(`[data-request="${CSS.escape(requestId)}"]`);
  link?.focus();
  return link !== null;
}
