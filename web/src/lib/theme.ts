import { useSyncExternalStore } from 'react';

export const THEMES = ['system', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof THEMES)[number];

const KEPT = 'kazi.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

function chosen(): Theme {
  return THEMES.find((one) => one === localStorage.getItem(KEPT)) ?? 'system';
}

function show() {
  const theme = chosen();
  document.documentElement.classList.toggle('dark', theme === 'dark' || (theme === 'system' && dark.matches));
  document.documentElement.classList.toggle('contrast', theme === 'contrast');
  for (const listener of listeners) listener();
}

export function startTheme() {
  dark.addEventListener('change', show);
  show();
}

export function choose(theme: Theme) {
  localStorage.setItem(KEPT, theme);
  show();
}

export function useTheme() {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, chosen);
}
