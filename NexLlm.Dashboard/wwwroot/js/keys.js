// What only the browser can do for the pages of keys. Nothing here keeps a secret: it is read from the page at the click.

import { sendTest } from './test-request.js';

export function focusOn(id) {
  const control = document.getElementById(id);
  control?.focus();
  control?.scrollIntoView({ block: 'center' });
}

/** Makes the buttons of the reveal work without a round trip: browsers allow the clipboard in the click only. */
export function attachReveal(root) {
  root.addEventListener('click', event => {
    const button = event.target.closest('button[data-do]');
    if (button) actions[button.dataset.do]?.(root, button);
  });
  root.addEventListener('copy', () => {
    if (getSelection().toString().includes(secretOf(root))) markStored(root);
  });
}

const secretOf = root => root.querySelector('[data-secret]').textContent;

const actions = {
  show(root) {
    show(root, root.querySelector('[data-secret]').hidden);
  },

  copy(root, button) {
    return copy(root, button, secretOf(root), 'Copied');
  },

  test(root, button) {
    return sendTest(root, button, secretOf(root));
  },

  copySnippet(root, button) {
    const text = withSecret(root, root.querySelector('[data-snippet]'));
    return copy(root, button, text, 'Example copied (includes your key)');
  },

  download(root, button) {
    const text = withSecret(root, root.querySelector('[data-env]')) + '\n';
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = button.dataset.file;
    link.click();
    // The download reads the address later than this line.
    setTimeout(url => URL.revokeObjectURL(url), 10_000, link.href);
    say(button, `Downloaded ${button.dataset.file}.`);
    markStored(root);
  },
};

const withSecret = (root, element) => element.textContent.replaceAll(root.dataset.masked, () => secretOf(root));

function show(root, shown) {
  root.querySelector('[data-secret]').hidden = !shown;
  root.querySelector('[data-mask]').hidden = shown;
  root.querySelector('[data-do=show] [data-text]').textContent = shown ? 'Hide' : 'Show';
}

async function copy(root, button, text, said) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // On plain http there is no clipboard: the old way, and if that is refused too, a selection to copy by hand.
    if (!copyBySelection(root, text)) {
      show(root, true);
      getSelection().selectAllChildren(root.querySelector('[data-secret]'));
      say(button, "Couldn't copy. The key is selected: press Ctrl+C or ⌘C.");
      return;
    }
  }
  nexllm.showCopied(button);
  say(button, said);
  markStored(root);
}

function copyBySelection(root, text) {
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  const focused = document.activeElement;
  root.append(area);
  area.select();
  try {
    return document.execCommand('copy');
  } finally {
    area.remove();
    focused?.focus();
  }
}

/** Beside the button that was pressed. What the button shows by itself is there for who listens only. */
function say(button, text) {
  const region = button.closest('[data-part]').querySelector('[data-say]');
  region.textContent = '';
  region.classList.toggle('sr-only', text === 'Copied');
  // A region that gets the same text again stays silent unless it was empty in between.
  requestAnimationFrame(() => { region.textContent = text; });
}

function markStored(root) {
  const box = root.querySelector('input[data-stored]');
  if (box && !box.checked) {
    box.checked = true;
    box.dispatchEvent(new Event('change', { bubbles: true }));
  }
}

// A page that is left can come back from the browser's cache as it was.
addEventListener('pagehide', () => document.querySelectorAll('[data-secret]').forEach(element => element.remove()));
