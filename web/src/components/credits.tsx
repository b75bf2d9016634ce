// What the pages of a business and of the platform's staff show of credits.

import { Link } from '@tanstack/react-router';
import { TriangleAlertIcon, WalletIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import type { CreditEntry, Credits } from '@/lib/credits';
import { ENTRY_KINDS, useQuote } from '@/lib/credits';
import { useFormat } from '@/lib/format';
import { useIs } from '@/lib/queries';
import { timeColumn } from './columns';
import type { Column } from './data-table';
import { Fact, Facts } from './page';
import { Button } from './ui/button';

export function CreditFacts({ of }: { of: Credits }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <Facts>
        {(['available', 'reserved', 'spent'] as const).map((name) => (
          <Fact key={name} label={t(`credits.${name}`)}>
            <span className={name === 'available' ? 'text-2xl font-bold tabular-nums' : 'text-lg tabular-nums'}>
              {format.number(of[name])}
            </span>
          </Fact>
        ))}
      </Facts>
      {of.owed > 0 && (
        <p role="status" className="mt-4 rounded-md border border-amber-500 p-3 text-sm">
          {t('credits.owedText', { shown: format.number(of.owed) })}
        </p>
      )}
    </>
  );
}

/** The credits of a message by country and category. */
export function CreditPrices({ prices }: { prices: Schemas['CreditPrice'][] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      {prices.length > 0 && (
        <div className="max-h-96 overflow-auto" tabIndex={0} role="group" aria-label={t('credits.prices')}>
          <table className="w-full text-sm">
            <thead className="text-xs text-muted-foreground">
              <tr>
                <th className="py-1 pe-4 text-start font-medium">{t('settings.country')}</th>
                <th className="py-1 pe-4 text-start font-medium">{t('prices.category')}</th>
                <th className="py-1 text-end font-medium">{t('credits.perMessage')}</th>
              </tr>
            </thead>
            <tbody>
              {prices.map((one) => (
                <tr key={`${one.country} ${one.category}`} className="border-t">
                  <th scope="row" className="py-1 pe-4 text-start font-normal">
                    {one.country === '*' ? t('prices.anywhere') : format.country(one.country)}
                  </th>
                  <td className="py-1 pe-4">{t(`templates.categories.${one.category}`)}</td>
                  <td className="py-1 text-end tabular-nums">{format.number(one.credits)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className="mt-2 text-sm text-muted-foreground">{t('credits.pricesHint')}</p>
    </>
  );
}

/** Where a row's credits went: more credits for messages, or fewer. */
const GIVES = new Set<CreditEntry['kind']>(['grant', 'top_up', 'release']);

export function useLedgerColumns(linked: boolean): Column<CreditEntry>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = (one: CreditEntry) => one.used_for ?? one.note ?? '–';
  return [
    timeColumn('at', t('credits.when'), format.moment, (one) => one.at),
    {
      id: 'kind',
      header: t('credits.what'),
      value: (one) => one.kind,
      filter: {
        kind: 'choice',
        server: linked,
        quick: true,
        all: t('credits.allKinds'),
        options: ENTRY_KINDS.map((value) => ({ value, label: t(`credits.kinds.${value}`) })),
      },
      cell: (one) => t(`credits.kinds.${one.kind}`),
    },
    {
      id: 'for',
      header: t('credits.usedFor'),
      value: nameOf,
      cell: (one) => {
        const words = <bdi className="line-clamp-2 max-w-md">{nameOf(one)}</bdi>;
        const style = 'text-primary-text hover:underline';
        if (linked && one.campaign_id)
          return (
            <Link to="/campaigns/$id" params={{ id: one.campaign_id }} className={style}>
              {words}
            </Link>
          );
        if (linked && one.automation_id)
          return (
            <Link to="/automations/$id" params={{ id: one.automation_id }} className={style}>
              {words}
            </Link>
          );
        return words;
      },
    },
    {
      id: 'messages',
      header: t('credits.messages'),
      align: 'end',
      value: (one) => one.messages,
      cell: (one) => (one.messages ? format.number(one.messages) : '–'),
    },
    {
      id: 'credits',
      header: t('credits.credits'),
      align: 'end',
      value: (one) => one.credits,
      cell: (one) => (
        <bdi className={`tabular-nums ${GIVES.has(one.kind) ? 'text-primary-text' : ''}`}>
          {format.number(one.credits)}
        </bdi>
      ),
    },
  ];
}

/** What a campaign costs, beside the balance. */
export function CampaignPrice({ quote }: { quote: Schemas['CreditQuote'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { price, available } = useQuote(quote);
  return t('campaigns.creditsOf', { price: format.number(price), available: format.number(available) });
}

/** What a campaign lacks. */
export function CampaignCredits({ quote }: { quote: Schemas['CreditQuote'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { missing } = useQuote(quote);
  if (missing === 0) return null;
  return (
    <div role="alert" className="mt-4 rounded-md border border-amber-500 p-3 text-sm">
      <p className="flex items-start gap-2">
        <TriangleAlertIcon className="mt-0.5 size-4 shrink-0" aria-hidden />
        {t('campaigns.creditsMissing', { count: missing, shown: format.number(missing) })}
      </p>
      <BuyCredits />
    </div>
  );
}

/** What a person can do when something is paused because the credits are used up. */
export function CreditsPaused() {
  const { t } = useTranslation();
  return (
    <>
      <p className="mt-2 text-foreground">{t('campaigns.creditsPaused')}</p>
      <BuyCredits />
    </>
  );
}

/** The way to the page where credits are bought, for those who may. */
function BuyCredits() {
  const { t } = useTranslation();
  if (!useIs('admin')) return null;
  return (
    <Button asChild size="sm" variant="outline" className="mt-3 text-foreground">
      <Link to="/credits">
        <WalletIcon aria-hidden />
        {t('campaigns.creditsBuy')}
      </Link>
    </Button>
  );
}
