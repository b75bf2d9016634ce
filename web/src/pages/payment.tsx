import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Undo2Icon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { ContactName } from '@/components/contact-name';
import { Fact, Facts, PageHead } from '@/components/page';
import { RecordDialog } from '@/components/record-form';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';

type Payment = Schemas['Payment'];

/** The stream of events tells how a payment stands, but not how far a refund is. */
const REFUND_MS = 3_000;
const isMoving = ({ status }: Schemas['Refund']) => status === 'requested' || status === 'pending';

function Refund({ payment, left }: { payment: Payment; left: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  const currency = payment.received_currency ?? payment.currency;
  return (
    <>
      <Button variant="outline" onClick={() => setOpen(true)}>
        <Undo2Icon className="rtl:-scale-x-100" aria-hidden />
        {t('payments.refund')}
      </Button>
      <RecordDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('payments.refundTitle')}
        hint={t('payments.refundText', { left: format.money(left, currency) })}
        action={t('payments.refund')}
        done={t('payments.refundAsked')}
        initial={{ amount: format.amount(left, currency) }}
        groups={[
          {
            fields: [
              {
                name: 'amount',
                label: `${t('payments.amount')} (${currency})`,
                kind: 'number',
                step: 'any',
                required: true,
                pointer: 'amount_minor',
              },
              { name: 'reason', label: t('payments.reason'), required: true },
              { name: 'sure', label: t('payments.sure'), kind: 'check' },
            ],
          },
        ]}
        check={(values) => {
          const minor = format.minor(values.amount ?? '', currency);
          if (!(minor > 0 && minor <= left))
            return { amount: t('payments.refundRule', { left: format.money(left, currency) }) };
          return values.sure ? undefined : { sure: t('payments.sureMissing') };
        }}
        save={(values) =>
          api.POST('/api/v1/payments/{id}/refunds', {
            params: { path: { id: payment.id } },
            body: { amount_minor: format.minor(values.amount ?? '', currency), reason: values.reason?.trim() ?? '' },
          })
        }
      />
    </>
  );
}

export function Payment() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/payments/$id' });
  const workspace = useWorkspaceId();
  const format = useFormat();
  const isAdmin = useIs('admin');
  const params = { path: { id } };
  const query = useQuery({
    queryKey: [workspace, 'payment', id],
    queryFn: async () => {
      const [payment, refunds] = await Promise.all([
        answer(api.GET('/api/v1/payments/{id}', { params })),
        answer(api.GET('/api/v1/payments/{id}/refunds', { params })),
      ]);
      return { payment, refunds: refunds.items };
    },
    refetchInterval: ({ state: { data } }) => (data?.refunds.some(isMoving) ? REFUND_MS : false),
  });
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const { payment, refunds } = query.data;
  const left = payment.received_minor - payment.refunded_minor;
  const currency = payment.received_currency ?? payment.currency;
  return (
    <>
      <PageHead
        title={t('payments.of', { money: format.money(payment.amount_minor, payment.currency) })}
        back={{ to: '/payments', label: t('nav.payments') }}
        badge={<StateBadge state={payment.status} />}
      >
        {isAdmin && left > 0 && <Refund payment={payment} left={left} />}
      </PageHead>
      {payment.error && (
        <p role="alert" className="mb-6 rounded-md border border-destructive p-4 text-sm text-destructive-text">
          {payment.error}
        </p>
      )}
      <div className="grid items-start gap-6 xl:grid-cols-3">
        <Card className="xl:col-span-2">
          <CardTitle>
            <bdi>{payment.description}</bdi>
          </CardTitle>
          <Facts>
            <Fact label={t('payments.contact')}>
              <ContactName id={payment.contact_id} link />
            </Fact>
            <Fact label={t(`payments.kinds.${payment.subject_kind}`, { defaultValue: payment.subject_kind })}>
              <Link
                to={payment.subject_kind === 'order' ? '/orders/$id' : '/subscriptions/$id'}
                params={{ id: payment.subject_id }}
                className="text-primary-text underline-offset-4 hover:underline"
              >
                {t('common.show')}
              </Link>
            </Fact>
            <Fact label={t('payments.received')}>{format.money(payment.received_minor, currency)}</Fact>
            <Fact label={t('payments.refunded')}>{format.money(payment.refunded_minor, currency)}</Fact>
            <Fact label={t('payments.created')}>{format.moment(payment.created_at)}</Fact>
            <Fact label={t('payments.paidAt')}>{format.moment(payment.paid_at)}</Fact>
            <Fact label={t('payments.expires')}>{format.moment(payment.expires_at)}</Fact>
            {payment.session_id && (
              <Fact label={t('payments.session')}>
                <bdi dir="ltr" className="font-mono text-xs break-all">
                  {payment.session_id}
                </bdi>
              </Fact>
            )}
            {payment.intent_id && (
              <Fact label={t('payments.intent')}>
                <bdi dir="ltr" className="font-mono text-xs break-all">
                  {payment.intent_id}
                </bdi>
              </Fact>
            )}
          </Facts>
          {payment.url && (
            <Button asChild variant="outline" className="mt-6">
              <a href={payment.url} target="_blank" rel="noreferrer">
                {t('payments.page')}
              </a>
            </Button>
          )}
        </Card>
        <Card>
          <CardTitle>{t('payments.refunds')}</CardTitle>
          {!refunds.length ? (
            <p className="text-sm text-muted-foreground">{t('payments.refundsNone')}</p>
          ) : (
            <ol className="grid gap-3">
              {refunds.map((one) => (
                <li key={one.id} className="border-s-2 ps-3 text-sm">
                  <p className="flex flex-wrap items-center gap-2 font-medium">
                    {format.money(one.amount_minor, one.currency)} <StateBadge state={one.status} />
                  </p>
                  <p className="text-muted-foreground">
                    {format.moment(one.created_at)} · <bdi>{one.reason}</bdi>
                  </p>
                  {one.error && <p className="text-destructive-text">{one.error}</p>}
                </li>
              ))}
            </ol>
          )}
        </Card>
      </div>
    </>
  );
}
