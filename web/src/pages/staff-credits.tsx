// The credits of a workspace, for the platform's staff: its terms, its balance and its ledger.

import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, tagged, type Schemas } from '@/api/client';
import { CreditFacts, CreditPrices, useLedgerColumns } from '@/components/credits';
import { DataTable } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { RecordDialog, tick } from '@/components/record-form';
import { Failed, Loading } from '@/components/states';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { rowsOf } from '@/lib/csv';
import { platformWorkspaceQuery, QUIET } from '@/lib/platform';
import { useWorkspaceId } from '@/lib/queries';

type Price = Schemas['CreditPrice'];

const CATEGORIES: Price['category'][] = ['marketing', 'utility', 'authentication'];
/** The API takes as many. */
const MOST = 1_000;

const linesOf = (prices: Price[]) => prices.map((one) => `${one.country}, ${one.category}, ${one.credits}`).join('\n');

/** Lines of country, category and credits, and the first that is none. */
function pricesIn(text: string) {
  const rows = rowsOf(text, MOST + 2).map((cells) => cells.map((one) => one.trim()));
  const prices: Price[] = [];
  for (const [index, [country = '', kind = '', credits = '']] of rows.entries()) {
    const category = CATEGORIES.find((one) => one === kind.toLowerCase());
    if (!/^(\*|[A-Za-z]{2})$/.test(country) || !category || !/^\d+$/.test(credits)) return { prices, wrong: index + 1 };
    prices.push({ country: country.toUpperCase(), category, credits: Number(credits) });
  }
  return { prices, wrong: null };
}

export function StaffCredits() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/staff/workspaces/$id/credits' });
  const workspace = useWorkspaceId();
  const [open, setOpen] = useState<'terms' | 'give' | null>(null);
  const params = { path: { id } };
  const business = useQuery(platformWorkspaceQuery(workspace, id));
  const read = () => tagged(api.GET('/api/v1/admin/workspaces/{id}/credits', { params }));
  const query = useQuery({ queryKey: [workspace, 'platform', 'credits', id], queryFn: read, ...QUIET });
  const columns = useLedgerColumns(false);
  const failed = [query, business].find((one) => one.isError);
  if (failed) return <Failed error={failed.error} retry={() => void failed.refetch()} />;
  if (!query.data || !business.data) return <Loading />;
  const credits = query.data.data;
  const close = (isOpen: boolean) => !isOpen && setOpen(null);
  return (
    <>
      <PageHead
        title={`${t('platform.credits')} · ${business.data.name}`}
        back={{ to: `/staff/workspaces/${id}` as '/staff/workspaces', label: business.data.name }}
        badge={
          <Badge tone={credits.prepaid ? 'good' : 'neutral'}>
            {t(credits.prepaid ? 'platform.prepaid' : 'platform.unmetered')}
          </Badge>
        }
      >
        <Button variant="outline" onClick={() => setOpen('terms')}>
          {t('platform.setTerms')}
        </Button>
        {credits.prepaid && <Button onClick={() => setOpen('give')}>{t('platform.give')}</Button>}
      </PageHead>
      <div className="mb-6 grid items-start gap-6 *:min-w-0 xl:grid-cols-2">
        <Card aria-label={t('credits.balance')}>
          <CardTitle>{t('credits.balance')}</CardTitle>
          <CreditFacts of={credits} />
        </Card>
        <Card aria-label={t('credits.prices')}>
          <CardTitle>{t('credits.prices')}</CardTitle>
          <CreditPrices prices={credits.prices} />
        </Card>
      </div>
      <DataTable
        name="staff-credit-entries"
        label={t('credits.ledger')}
        columns={columns}
        source={{
          key: [workspace, 'platform', 'credits', id, 'entries'],
          load: ({ limit, cursor }) =>
            answer(
              api.GET('/api/v1/admin/workspaces/{id}/credits/entries', {
                params: { ...params, query: { limit, cursor } },
              }),
            ),
        }}
        rowId={(one) => one.id}
        empty={{ title: t('credits.ledgerNone'), hint: t('credits.ledgerNoneHint') }}
      />
      <RecordDialog
        open={open === 'terms'}
        onOpenChange={close}
        title={t('platform.setTerms')}
        hint={t('platform.prepaidHint')}
        of={query.data}
        read={read}
        valuesOf={(now) => ({ prepaid: tick(now.prepaid), prices: linesOf(now.prices) })}
        groups={[
          {
            fields: [
              { name: 'prepaid', label: t('platform.prepaid'), kind: 'check' },
              {
                name: 'prices',
                label: t('platform.pricesLines'),
                hint: t('platform.pricesLinesHint'),
                kind: 'area',
                dir: 'ltr',
              },
            ],
          },
        ]}
        check={({ prices }) => {
          const { wrong } = pricesIn(prices ?? '');
          return wrong ? { prices: t('prices.wrongLine', { line: wrong }) } : undefined;
        }}
        save={({ prepaid, prices }, _, etag) =>
          api.PUT('/api/v1/admin/workspaces/{id}/credits', {
            params: { ...params, header: { 'If-Match': etag } },
            body: { prepaid: prepaid === 'yes', prices: pricesIn(prices ?? '').prices },
          })
        }
      />
      <RecordDialog
        open={open === 'give'}
        onOpenChange={close}
        title={t('platform.give')}
        groups={[
          {
            fields: [
              {
                name: 'credits',
                label: t('credits.credits'),
                hint: t('platform.giveHint'),
                kind: 'number',
                required: true,
                dir: 'ltr',
              },
              {
                name: 'reason',
                label: t('platform.reason'),
                hint: t('platform.giveReasonHint'),
                kind: 'area',
                required: true,
              },
            ],
          },
        ]}
        save={({ credits: count, reason }) =>
          api.POST('/api/v1/admin/workspaces/{id}/credits/grants', {
            params,
            body: { credits: Number(count), reason: reason?.trim() ?? '' },
          })
        }
      />
    </>
  );
}
