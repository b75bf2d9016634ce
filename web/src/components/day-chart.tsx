import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { direction } from '@/lib/i18n';
import { cn } from '@/lib/utils';

export interface Series {
  name: string;
  values: number[];
}

/** The viewBox of the drawing. It is stretched to the width of the page. */
const WIDTH = 1000;
const HEIGHT = 220;
const GAP = 0.28;
const COLOURS = ['fill-primary', 'fill-secondary'];
const DOTS = ['bg-primary', 'bg-secondary'];
const LINES = 4;
/** As many labels fit under the bars. A phone shows every second of them. */
const LABELS = 6;

/** The top of the scale. Each of its lines stands for a number that a person reads easily: 1, 2 or 5 with zeros. */
function topOf(most: number) {
  const step = Math.max(1, most / LINES);
  const unit = 10 ** Math.floor(Math.log10(step));
  return LINES * unit * ([1, 2, 5, 10].find((factor) => factor * unit >= step) ?? 10);
}

/** Bars over days, with one series on the other. The table behind it tells a screen reader the same. */
export function DayChart({
  label,
  days,
  series,
  show,
  top: fixed,
  lines = LINES,
}: {
  label: string;
  days: string[];
  series: Series[];
  show: (value: number) => string;
  /** The end of a scale that has one. */
  top?: number;
  lines?: number;
}) {
  const { t, i18n } = useTranslation();
  const [at, setAt] = useState<number | null>(null);
  const sums = days.map((_, day) => series.reduce((sum, one) => sum + Math.max(0, one.values[day] ?? 0), 0));
  const top = fixed ?? topOf(Math.max(0, ...sums));
  const slot = WIDTH / days.length;
  const isRtl = direction(i18n.language) === 'rtl';
  const slotAt = (day: number) => (isRtl ? days.length - 1 - day : day) * slot;
  const every = Math.ceil(days.length / LABELS);
  return (
    <figure aria-label={label} className="relative">
      <figcaption className="mb-3 flex min-h-5 flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        {series.map((one, index) => (
          <span key={one.name} className="inline-flex items-center gap-2">
            <span aria-hidden className={cn('size-3 rounded-sm', DOTS[index])} />
            {one.name}
            {at !== null && <strong className="tabular-nums">{show(one.values[at] ?? 0)}</strong>}
          </span>
        ))}
        <span className="ms-auto text-muted-foreground">{at === null ? '' : days[at]}</span>
      </figcaption>
      {/* The days stand under the bars, however wide the numbers at the side are. */}
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-2">
        <div aria-hidden className="flex h-56 flex-col justify-between text-end text-xs text-muted-foreground">
          {Array.from({ length: lines + 1 }, (_, line) => (
            <span key={line} className="-my-2 whitespace-nowrap tabular-nums">
              {show((top * (lines - line)) / lines)}
            </span>
          ))}
        </div>
        <svg
          aria-hidden
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="h-56 w-full"
          onPointerLeave={() => setAt(null)}
        >
          {Array.from({ length: lines + 1 }, (_, line) => (
            <line
              key={line}
              x1={0}
              x2={WIDTH}
              y1={(HEIGHT * line) / lines}
              y2={(HEIGHT * line) / lines}
              className="stroke-border"
              vectorEffect="non-scaling-stroke"
            />
          ))}
          {days.map((day, index) => {
            let below = HEIGHT;
            return (
              <g key={index} className={cn(at !== null && at !== index && 'opacity-50')}>
                {series.map((one, which) => {
                  const tall = (Math.max(0, one.values[index] ?? 0) / top) * HEIGHT;
                  below -= tall;
                  return (
                    <rect
                      key={one.name}
                      x={slotAt(index) + (slot * GAP) / 2}
                      width={slot * (1 - GAP)}
                      y={below}
                      height={tall}
                      className={COLOURS[which]}
                    />
                  );
                })}
                <rect
                  x={slotAt(index)}
                  width={slot}
                  y={0}
                  height={HEIGHT}
                  fill="transparent"
                  onPointerEnter={() => setAt(index)}
                >
                  <title>{day}</title>
                </rect>
              </g>
            );
          })}
        </svg>
        <div aria-hidden className="col-start-2 flex justify-between text-xs text-muted-foreground">
          {days
            .filter((_, index) => index % every === 0 || index === days.length - 1)
            .map((day, index, shown) =>
              // The last day stands even when it comes early: it is today.
              index === shown.length - 2 &&
              (days.length - 1) % every !== 0 &&
              (days.length - 1) % every < every / 2 ? null : (
                <span key={index} className={cn(index % 2 === 1 && index < shown.length - 1 && 'max-sm:hidden')}>
                  {day}
                </span>
              ),
            )}
        </div>
      </div>
      {/* A table alone would be as wide as its words. */}
      <div className="sr-only">
        <table>
          <caption>{label}</caption>
          <thead>
            <tr>
              <th scope="col">{t('dashboard.day')}</th>
              {series.map((one) => (
                <th key={one.name} scope="col">
                  {one.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((day, index) => (
              <tr key={index}>
                <th scope="row">{day}</th>
                {series.map((one) => (
                  <td key={one.name}>{show(one.values[index] ?? 0)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
