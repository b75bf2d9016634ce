// Invoices, receipts and credit notes: on the page of an order, on that of a payment, and in their list.

import { useQuery } from '@tanstack/react-query';
import { DownloadIcon, FilePlus2Icon, SendIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { useAct } from '@/lib/act';
import { saveFile } from '@/lib/csv';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { RowButton } from './row-actions';
import { Failed } from './states';
import { Button } from './ui/button';
import { Card, CardTitle } from './ui/card';
import { Skeleton } from './ui/skeleton';

type Invoice = Schemas['Invoice'];
/** What documents are about. */
type About = { order_id: string } | { payment_id: string };

const PDF = 'application/pdf';

/** The number without the signs that a file's name cannot have, as the API writes it. */
const fileName = ({ number }: Invoice) => `${number.replaceAll('/', '-')}.pdf`;

export function InvoiceActions({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation();
  const maySend = useIs('agent');
  const path = { id: invoice.id };
  const save = useAct(async () => {
    const file = await answer(api.GET('/api/v1/invoices/{id}/file', { params: { path }, parseAs: 'blob' }));
    saveFile(fileName(invoice), file as unknown as Blob, PDF);
  });
  const send = useAct(
    () => answer(api.POST('/api/v1/invoices/{id}/send', { params: { path } })),
    t('invoices.isSent', { number: invoice.number }),
  );
  return (
    <>
      {maySend && (
        <RowButton
          words={t('invoices.send')}
          name={invoice.number}
          disabled={send.isPending}
          onClick={() => send.mutate(undefined)}
        >
          <SendIcon className="rtl:-scale-x-100" aria-hidden />
        </RowButton>
      )}
      <RowButton
        words={t('invoices.download')}
        name={invoice.number}
        disabled={save.isPending}
        onClick={() => save.mutate(undefined)}
      >
        <DownloadIcon aria-hidden />
      </RowButton>
    </>
  );
}

/** How a document reached the customer. */
export function Reached({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (invoice.sent_at) return <>{t('invoices.sentAt', { at: format.moment(invoice.sent_at) })}</>;
  if (invoice.unreachable) return <>{t(`orders.why.${invoice.unreachable}`, { defaultValue: invoice.unreachable })}</>;
  return invoice.mailed_at ? <>{t('invoices.mailedAt', { at: format.moment(invoice.mailed_at) })}</> : <>–</>;
}

/** The documents of an order or of a payment. An order that was paid before they were turned on gets them by a button. */
export function Invoices({ about, isPaid = false }: { about: About; isPaid?: boolean }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySend = useIs('agent');
  const query = useQuery({
    queryKey: [workspace, 'invoices', 'of', about],
    queryFn: async () => (await answer(api.GET('/api/v1/invoices', { params: { query: about } }))).items,
  });
  const issue = useAct(
    (order_id: string) => answer(api.POST('/api/v1/invoices', { body: { order_id } })),
    t('invoices.issued'),
  );
  const order = 'order_id' in about ? about.order_id : undefined;
  return (
    <Card>
      <CardTitle>{t('nav.invoices')}</CardTitle>
      {query.isPending && <Skeleton className="h-10" />}
      {query.isError && <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.data?.length === 0 && <p className="text-sm text-muted-foreground">{t('invoices.noneHere')}</p>}
      {query.data && query.data.length > 0 && (
        <ul className="divide-y">
          {query.data.map((one) => (
            <li key={one.id} className="flex items-center justify-between gap-3 py-2 text-sm">
              <span>
                {t(`invoices.kinds.${one.kind}`)} <bdi className="font-medium">{one.number}</bdi>
                <span className="block text-muted-foreground">
                  {format.money(one.total_minor, one.currency)} · <Reached invoice={one} />
                </span>
              </span>
              <span className="inline-flex shrink-0">
                <InvoiceActions invoice={one} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {order && isPaid && maySend && query.data?.length === 0 && (
        <Button variant="outline" className="mt-4" disabled={issue.isPending} onClick={() => issue.mutate(order)}>
          <FilePlus2Icon aria-hidden />
          {t('invoices.issue')}
        </Button>
      )}
    </Card>
  );
}
