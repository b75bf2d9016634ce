// Days as texts like `2026-11-29`: they sort, and no zone moves them.

const DAY_MS = 86_400_000;
export const WEEK = 7;

export function shifted(day: string, days: number) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function mondayOf(day: string) {
  return shifted(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % WEEK));
}

/** The month of a day: its first day, and those of the months beside it. */
export function monthOf(day: string) {
  const first = `${day.slice(0, 7)}-01`;
  return {
    first,
    before: `${shifted(first, -1).slice(0, 7)}-01`,
    after: `${shifted(first, 31).slice(0, 7)}-01`,
  };
}

export function daysFrom(day: string, count: number) {
  return Array.from({ length: count }, (_, index) => shifted(day, index));
}

/** How a language writes a day. */
export function dayNames(language: string, options: Intl.DateTimeFormatOptions) {
  const format = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' });
  return (day: string) => format.format(new Date(`${day}T00:00:00Z`));
}
