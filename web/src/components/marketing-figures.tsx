// The figures of a marketing campaign in a period: all together, day by day, and of each part.

import { Link } from '@tanstack/react-router';
import { UnlinkIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { DayChart } from '@/components/day-chart';
import { BigNumber } from '@/components/points';
import { RowButton } from '@/components/row-actions';
import { StateBadge } from '@/components/state-badge';
import { Card, CardTitle } from '@/components/ui/card';
import { NativeSelect } from '@/components/ui/input';
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table';
import { useAct } from '@/lib/act';
import { dayNames, daysFrom, shifted } from '@/lib/days';
import { useFormat } from '@/lib/format';
import { MARKETING, PART_KINDS, placeOfPart, type MarketingAnalytics, type MarketingPart } from '@/lib/marketing';

const COUNTS = ['sent', 'delivered', 'read', 'replies', 'clicks', 'conversions', 'opted_out', 'published'] as const;
const CHARTS = ['sent', 'read', 'clicks', 'replies', 'conversions', 'spent', 'revenue'] as const;
/** Which figures a kind of part has. */
const OF_KIND = {
  broadcast: ['sent', 'delivered', 'read', 'clicks', 'replies', 'conversions', 'opted_out'],
  automation: ['sent', 'delivered', 'read', 'replies'],
  post: ['published'],
} as const;
/** More days than these would be bars that nobody tells apart: the newest are shown. */
const MOST_DAYS = 92;
/** Millionths of a unit: what the smallest coin of most currencies is worth. */
const COIN = 10_000;

/** Amounts of several currencies, which are never added. */
export function useAmounts() {
  const format = useFormat();
  const join = (words: string[]) => words.join(' · ') || '–';
  return {
    micros: (amounts: Record<string, number>) =>
      join(Object.entries(amounts).map(([currency, value]) => format.micros(value, currency))),
    money: (amounts: Record<string, number>) =>
      join(Object.entries(amounts).map(([currency, value]) => format.money(value, currency))),
  };
}

export function MarketingTotals({ of }: { of: MarketingAnalytics }) {
  const { t } = useTranslation();
  const format = useFormat();
  const amounts = useAmounts();
  const { total } = of;
  const cost = (one: MarketingAnalytics['cost_per_click']) => {
    if (!one) return '–';
    // Less than a coin is told to its last digit.
    return (one.micros < COIN ? format.exact : format.micros)(one.micros, one.currency);
  };
  const why = of.unknown ? t(`marketing.unknown.${of.unknown}`) : undefined;
  const known = COUNTS.filter((name) => total[name] != null);
  return (
    <>
      {known.length > 0 && (
        <dl className="grid grid-cols-2 gap-4 xl:grid-cols-4">
          {known.map((name) => (
            <BigNumber key={name} label={t(`marketing.figures.${name}`)} value={format.number(total[name] ?? 0)} />
          ))}
        </dl>
      )}
      <dl className="grid gap-4 sm:grid-cols-2 xl:grid-cols-5">
        <BigNumber label={t('marketing.figures.revenue')} value={amounts.money(total.revenue)} />
        <BigNumber
          label={t('marketing.figures.spent')}
          value={amounts.micros(of.spent)}
          hint={t('marketing.spentParts', {
            messages: amounts.micros(total.costs),
            expenses: amounts.micros(of.expenses),
          })}
        />
        <BigNumber label={t('marketing.figures.costPerClick')} value={cost(of.cost_per_click)} hint={why} />
        <BigNumber label={t('marketing.figures.costPerConversion')} value={cost(of.cost_per_conversion)} hint={why} />
        <BigNumber
          label={t('marketing.figures.return')}
          value={of.return_percent == null ? '–' : format.percent(of.return_percent / 100)}
          hint={why ?? t('marketing.returnHint')}
        />
      </dl>
      {total.unpriced > 0 && (
        <p className="rounded-md border bg-muted p-3 text-sm">
          {t('marketing.unpriced', { count: total.unpriced, shown: format.number(total.unpriced) })}{' '}
          <Link to="/settings" className="text-primary-text underline underline-offset-4">
            {t('marketing.toPrices')}
          </Link>
        </p>
      )}
    </>
  );
}

/** Day by day. Money is drawn in the currency of which there is most. */
export function MarketingChart({ of }: { of: MarketingAnalytics }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const [shown, setShown] = useState<(typeof CHARTS)[number]>('sent');
  const first = of.days[0]?.day;
  const last = of.days.at(-1)?.day;
  if (!first || !last) return null;
  const length = (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
  const days = length > MOST_DAYS ? daysFrom(shifted(last, 1 - MOST_DAYS), MOST_DAYS) : daysFrom(first, length);
  const byDay = new Map(of.days.map((one) => [one.day, one]));
  const name = dayNames(i18n.language, { day: 'numeric', month: 'short' });
  const money = shown === 'spent' ? of.spent : shown === 'revenue' ? of.total.revenue : undefined;
  const currency = money && Object.entries(money).toSorted(([, a], [, b]) => b - a)[0]?.[0];
  const valueOf = (day: string) => {
    const one = byDay.get(day);
    if (!one) return 0;
    if (shown === 'spent' || shown === 'revenue') return (currency && one[shown][currency]) || 0;
    return one[shown];
  };
  const show = (value: number) => {
    if (shown === 'spent' && currency) return format.micros(value, currency);
    return shown === 'revenue' && currency ? format.money(value, currency) : format.number(value);
  };
  return (
    <Card aria-label={t('marketing.byDay')}>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-xl font-semibold">{t('marketing.byDay')}</h2>
        <NativeSelect
          aria-label={t('marketing.shownFigure')}
          className="h-9 w-auto"
          value={shown}
          onChange={(event) => setShown(CHARTS.find((one) => one === event.target.value) ?? 'sent')}
        >
          {CHARTS.map((one) => (
            <option key={one} value={one}>
              {t(`marketing.figures.${one}`)}
            </option>
          ))}
        </NativeSelect>
      </div>
      <DayChart
        label={t('marketing.byDay')}
        days={days.map(name)}
        series={[{ name: t(`marketing.figures.${shown}`), values: days.map(valueOf) }]}
        show={show}
      />
    </Card>
  );
}

function Parts({
  kind,
  parts,
  campaign,
  maySave,
}: {
  kind: MarketingPart['kind'];
  parts: MarketingPart[];
  campaign: string;
  maySave: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const amounts = useAmounts();
  const detach = useAct(
    (part_id: string) => api.DELETE(`${MARKETING}/parts/{part_id}`, { params: { path: { id: campaign, part_id } } }),
    t('marketing.detached'),
  );
  const figures = OF_KIND[kind];
  const costs = kind !== 'post';
  return (
    <Card>
      <CardTitle>{t(`marketing.kinds.${kind}`)}</CardTitle>
      {/* It scrolls by the keyboard too. */}
      <div
        className="relative -mx-4 overflow-x-auto"
        role="region"
        aria-label={t(`marketing.kinds.${kind}`)}
        tabIndex={0}
      >
        <Table>
          <thead>
            <TableRow>
              <TableHead>{t('common.name')}</TableHead>
              <TableHead>{t('common.state')}</TableHead>
              {figures.map((one) => (
                <TableHead key={one} className="text-end">
                  {t(`marketing.figures.${one}`)}
                </TableHead>
              ))}
              {kind === 'broadcast' && <TableHead className="text-end">{t('marketing.figures.revenue')}</TableHead>}
              {costs && <TableHead className="text-end">{t('marketing.costs')}</TableHead>}
              {maySave && (
                <TableHead>
                  <span className="sr-only">{t('marketing.detach')}</span>
                </TableHead>
              )}
            </TableRow>
          </thead>
          <tbody>
            {parts.map((one) => (
              <TableRow key={one.part_id}>
                <TableCell>
                  {one.deleted ? (
                    <bdi className="line-clamp-2 min-w-40 text-muted-foreground">{one.name || '–'}</bdi>
                  ) : (
                    <Link
                      to={`/app${placeOfPart(one)}` as '/'}
                      className="line-clamp-2 min-w-40 text-primary-text underline-offset-4 hover:underline"
                    >
                      <bdi>{one.name || '–'}</bdi>
                    </Link>
                  )}
                </TableCell>
                <TableCell>
                  <StateBadge state={one.status ?? 'deleted'} />
                </TableCell>
                {figures.map((name) => (
                  <TableCell key={name} className="text-end tabular-nums">
                    {one.figures[name] == null ? '–' : format.number(one.figures[name])}
                  </TableCell>
                ))}
                {kind === 'broadcast' && (
                  <TableCell className="text-end tabular-nums">{amounts.money(one.figures.revenue)}</TableCell>
                )}
                {costs && <TableCell className="text-end tabular-nums">{amounts.micros(one.figures.costs)}</TableCell>}
                {maySave && (
                  <TableCell className="text-end">
                    <Confirm
                      trigger={
                        <RowButton words={t('marketing.detach')} name={one.name}>
                          <UnlinkIcon aria-hidden />
                        </RowButton>
                      }
                      title={t('marketing.detachTitle')}
                      text={
                        Object.keys(one.figures.costs).length
                          ? t('marketing.detachCosts', { costs: amounts.micros(one.figures.costs) })
                          : t('marketing.detachText')
                      }
                      action={t('marketing.detach')}
                      onConfirm={() => detach.mutateAsync(one.part_id)}
                    />
                  </TableCell>
                )}
              </TableRow>
            ))}
          </tbody>
        </Table>
      </div>
    </Card>
  );
}

export function MarketingParts({
  of,
  campaign,
  maySave,
}: {
  of: MarketingAnalytics;
  campaign: string;
  maySave: boolean;
}) {
  return PART_KINDS.map((kind) => {
    const parts = of.parts.filter((one) => one.kind === kind);
    return parts.length > 0 && <Parts key={kind} kind={kind} parts={parts} campaign={campaign} maySave={maySave} />;
  });
}
