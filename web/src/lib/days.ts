// Days as texts like `2026-11-29`: they sort, and no zone moves them.

const DAY_MS = 86_400_000;
export const WEEK = 7;

export function shifted(day: string, days: number) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function mondayOf(day: string) {
  return shifted(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % WEEK));
}

export function daysFrom(day: string, count: number) {
  return Array.from({ length: count }, (_, index) => shifted(day, index));
}

/** How a language writes a day. */
export function dayNames(language: string, options: Intl.DateTimeFormatOptions) {
  const format = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' });
  return (day: string) => format.format(new Date(`${day}T00:00:00Z`));
}
