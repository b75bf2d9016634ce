import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, tagged } from '@/api/client';
import { Fact, Facts } from '@/components/page';
import { RecordForm, tick } from '@/components/record-form';
import { Failed, Loading } from '@/components/states';
import { Card, CardTitle } from '@/components/ui/card';
import { useIs, useWorkspaceId } from '@/lib/queries';

const read = () => tagged(api.GET('/api/v1/invoices/settings'));

const CHECKS = ['invoices', 'receipts', 'send_in_chat', 'send_by_email'] as const;
const SERIES = ['invoice_series', 'receipt_series', 'credit_note_series'] as const;
const SELLER = ['seller_name', 'seller_address', 'tax_number', 'footer'] as const;
const AREAS: readonly string[] = ['seller_address', 'footer'];

export function InvoiceSettings() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const maySave = useIs('admin');
  // A form must not begin with settings that are out of date.
  const query = useQuery({ queryKey: [workspace, 'invoices-settings', 'tagged'], queryFn: read, gcTime: 0 });
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const now = query.data.data;
  const check = (name: (typeof CHECKS)[number]) => ({
    name,
    label: t(`invoices.fields.${name}`),
    hint: t(`invoices.hints.${name}`),
    kind: 'check' as const,
  });
  return (
    <Card className="max-w-3xl">
      <CardTitle>{t('invoices.settingsTitle')}</CardTitle>
      {maySave ? (
        <RecordForm
          of={query.data}
          read={read}
          valuesOf={(one) => ({
            ...Object.fromEntries(CHECKS.map((name) => [name, tick(one[name])])),
            ...Object.fromEntries([...SELLER, ...SERIES].map((name) => [name, one[name] ?? ''])),
          })}
          groups={[
            { legend: t('invoices.which'), fields: CHECKS.slice(0, 2).map(check) },
            {
              legend: t('invoices.seller'),
              fields: SELLER.map((name) => ({
                name,
                label: t(`invoices.fields.${name}`),
                hint: t(`invoices.hints.${name}`, { name: now.workspace_name }),
                kind: AREAS.includes(name) ? ('area' as const) : ('text' as const),
              })),
            },
            {
              legend: t('invoices.numbers'),
              fields: SERIES.map((name) => ({
                name,
                label: t(`invoices.fields.${name}`),
                hint: t('invoices.hints.series', { year: '{year}' }),
                dir: 'ltr' as const,
                required: true,
              })),
            },
            { legend: t('invoices.sending'), fields: CHECKS.slice(2).map(check) },
          ]}
          save={(values, _changed, etag) =>
            api.PUT('/api/v1/invoices/settings', {
              params: { header: { 'If-Match': etag } },
              body: {
                invoices: values.invoices === 'yes',
                receipts: values.receipts === 'yes',
                send_in_chat: values.send_in_chat === 'yes',
                send_by_email: values.send_by_email === 'yes',
                seller_name: values.seller_name,
                seller_address: values.seller_address,
                tax_number: values.tax_number,
                footer: values.footer,
                invoice_series: values.invoice_series,
                receipt_series: values.receipt_series,
                credit_note_series: values.credit_note_series,
              },
            })
          }
        />
      ) : (
        <Facts>
          {CHECKS.map((name) => (
            <Fact key={name} label={t(`invoices.fields.${name}`)}>
              {t(now[name] ? 'common.yes' : 'common.no')}
            </Fact>
          ))}
          {[...SELLER, ...SERIES].map((name) => (
            <Fact key={name} label={t(`invoices.fields.${name}`)}>
              <span className="whitespace-pre-line">{now[name] || '–'}</span>
            </Fact>
          ))}
        </Facts>
      )}
    </Card>
  );
}
