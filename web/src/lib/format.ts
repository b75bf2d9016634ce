import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspaceId, workspaceQuery } from './queries';

/** Numbers and times as the reader's language writes them, in the workspace's zone. */
export function useFormat() {
  const { i18n } = useTranslation();
  const workspace = useQuery(workspaceQuery(useWorkspaceId())).data;
  const language = i18n.language;
  const zone = workspace?.time_zone;
  return useMemo(() => {
    const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: zone });
    const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
    const clock = new Intl.DateTimeFormat(language, { timeStyle: 'short', timeZone: zone });
    const wall = new Intl.DateTimeFormat(language, { timeStyle: 'short', timeZone: 'UTC' });
    const countries = new Intl.DisplayNames(language, { type: 'region', fallback: 'code' });
    const second = new Intl.DateTimeFormat(language, { timeStyle: 'medium', timeZone: zone });
    const precise = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', timeZone: zone });
    const number = new Intl.NumberFormat(language);
    return {
      zone: zone ?? 'UTC',
      day: (at?: string | null) => (at ? day.format(new Date(at)) : '–'),
      moment: (at?: string | null) => (at ? moment.format(new Date(at)) : '–'),
      clock: (at?: string | null) => (at ? clock.format(new Date(at)) : '–'),
      /** A time of the day such as `07:30`, which is in no zone. */
      wall: (time: string) => wall.format(new Date(`1970-01-01T${time}Z`)),
      /** The clock with its seconds. */
      second: (at?: string | null) => (at ? second.format(new Date(at)) : '–'),
      /** A moment to the second. */
      precise: (at?: string | null) => (at ? precise.format(new Date(at)) : '–'),
      /** The day that the zone's clock shows now. */
      today: () => dayOf(new Date(), zone ?? 'UTC'),
      /** The moment at which the zone's clock shows this day and time, as the API writes it. */
      at: (date: string, time: string) => momentOf(date, time, zone ?? 'UTC').toISOString(),
      /** A moment as a field of day and time wants it, in the zone. */
      field: (at?: string | null) => (at ? fieldOf(new Date(at), zone ?? 'UTC') : ''),
      /** The name of a country by its two letters. */
      country: (code?: string | null) => (code && /^[A-Z]{2}$/.test(code) ? countries.of(code) : code) || '–',
      number: (value: number) => number.format(value),
      bytes: (value: number) => {
        const [unit, size] =
          value < 1_000
            ? (['byte', 1] as const)
            : value < 1_000_000
              ? (['kilobyte', 1_000] as const)
              : (['megabyte', 1_000_000] as const);
        const shown = new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: 1 });
        return shown.format(value / size);
      },
      /** Hours and minutes, or seconds when it is less than a minute. */
      duration: (seconds: number) => {
        const of = (value: number, unit: string) =>
          new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
        if (seconds < 59.5) return of(Math.round(seconds), 'second');
        const minutes = Math.round(seconds / 60);
        const parts = [of(Math.floor(minutes / 60), 'hour'), of(minutes % 60, 'minute')];
        return (minutes < 60 ? parts.slice(1) : minutes % 60 ? parts : parts.slice(0, 1)).join(' ');
      },
      percent: (value: number) =>
        new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(value),
      /** A difference of two shares, in percentage points with its sign. */
      points: (value: number) =>
        new Intl.NumberFormat(language, { signDisplay: 'exceptZero', maximumFractionDigits: 1 }).format(value * 100),
      money: (minor: number | null | undefined, currency?: string | null) => {
        if (minor == null || !currency) return '–';
        return asMoney(minor / 10 ** placesOf(currency), language, currency);
      },
      /** The amount in the currency's own units, as a person writes it. */
      units: (minor: number, currency: string) => minor / 10 ** placesOf(currency),
      /** The amount as a field of money holds it, with all digits of the currency's coins. */
      amount: (minor: number, currency: string) => (minor / 10 ** placesOf(currency)).toFixed(placesOf(currency)),
      minor: (units: string, currency: string) => Math.round(Number(units) * 10 ** placesOf(currency)),
      /** An amount that may be a small part of the currency's smallest coin. */
      exact: (micros: number, currency: string) =>
        asMoney(micros / 1_000_000, language, currency, { maximumFractionDigits: 6 }),
      micros: (micros: number, currency: string) => asMoney(micros / 1_000_000, language, currency),
    };
  }, [language, zone]);
}

/**
 * In Arabic the sign at the end of “US$” would stand at its other side without the mark behind it. The other mark keeps the
 * currency at the same side of an amount below zero as of one above.
 */
function asMoney(units: number, language: string, currency: string, options?: Intl.NumberFormatOptions) {
  const money = new Intl.NumberFormat(language, { style: 'currency', currency, ...options }).format(units);
  return money.replace(/(?<=\u200e-[\d.,]*\d)(?=\s)/u, '\u200f').replace(/\p{Script=Latin}\p{Sc}$/u, '$&\u200e');
}

function placesOf(currency: string) {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** The text in the reader's language, or in English, or in any. */
export function inLanguage(texts: Record<string, string> | undefined, language: string) {
  if (!texts) return '';
  return texts[language] ?? texts['en'] ?? Object.values(texts)[0] ?? '';
}

/** A day and time of a zone's clock, as `2026-11-29T09:00`. */
export function fieldOf(at: Date, zone: string) {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(at);
  return `${dayOf(at, zone)}T${time}`;
}

/** A day of a zone's clock, as `2026-11-29`. */
export function dayOf(at: Date, zone: string) {
  let days = daysOfZones.get(zone);
  if (!days) {
    days = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    daysOfZones.set(zone, days);
  }
  return days.format(at);
}

/** A list asks for the days of many rows, and to make a format takes longer than to use it. */
const daysOfZones = new Map<string, Intl.DateTimeFormat>();

/** The moment at which a zone's clock shows this day and time. */
function momentOf(day: string, time: string, zone: string) {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  let at = wanted;
  // The first step finds the offset, the second corrects it where the clock changes in between.
  for (let step = 0; step < 2; step += 1) {
    const parts = Object.fromEntries(
      new Intl.DateTimeFormat('en-CA', {
        timeZone: zone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      })
        .formatToParts(new Date(at))
        .map((part) => [part.type, part.value]),
    );
    const shown = Date.parse(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:00Z`);
    at += wanted - shown;
  }
  return new Date(at);
}
