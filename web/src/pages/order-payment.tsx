// What an order was paid by, and what went back.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { Fact, Facts } from '@/components/page';
import { currencyOf, orderPaymentsQuery, RefundButton, RefundList } from '@/components/refunds';
import { StateBadge } from '@/components/state-badge';
import { Failed } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/skeleton';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';

function One({ payment, refunds }: { payment: Schemas['Payment']; refunds: Schemas['Refund'][] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isAdmin = useIs('admin');
  const currency = currencyOf(payment);
  const provided = payment.intent_id ?? payment.session_id;
  return (
    <Card aria-label={t('payments.one')}>
      <CardTitle className="flex flex-wrap items-center gap-3">
        {t('payments.one')}
        <StateBadge state={payment.status} />
      </CardTitle>
      {payment.error && (
        <p role="alert" className="mb-4 text-sm text-destructive-text">
          {payment.error}
        </p>
      )}
      <Facts>
        <Fact label={t('payments.amount')}>{format.money(payment.amount_minor, payment.currency)}</Fact>
        <Fact label={t('payments.method')}>Stripe</Fact>
        {payment.paid_at ? (
          <>
            <Fact label={t('payments.paidAt')}>{format.moment(payment.paid_at)}</Fact>
            <Fact label={t('payments.received')}>{format.money(payment.received_minor, currency)}</Fact>
            <Fact label={t('payments.refunded')}>{format.money(payment.refunded_minor, currency)}</Fact>
          </>
        ) : (
          <Fact label={t('payments.expires')}>{format.moment(payment.expires_at)}</Fact>
        )}
        {provided && (
          <Fact label={payment.intent_id ? t('payments.intent') : t('payments.session')}>
            <bdi dir="ltr" className="font-mono text-xs break-all">
              {provided}
            </bdi>
          </Fact>
        )}
      </Facts>
      {refunds.length > 0 && (
        <>
          <h3 className="mt-6 mb-2 text-sm font-semibold">{t('payments.refunds')}</h3>
          <RefundList refunds={refunds} />
        </>
      )}
      <div className="mt-6 flex flex-wrap gap-2">
        {payment.url && (
          <Button asChild>
            <a href={payment.url} target="_blank" rel="noreferrer">
              {t('payments.page')}
            </a>
          </Button>
        )}
        <Button asChild variant="outline">
          <Link to="/payments/$id" params={{ id: payment.id }}>
            {t('payments.open')}
          </Link>
        </Button>
        {isAdmin && <RefundButton payment={payment} />}
      </div>
    </Card>
  );
}

export function OrderPayments({ id }: { id: string }) {
  const query = useQuery(orderPaymentsQuery(useWorkspaceId(), id));
  if (query.isPending) return <Skeleton className="h-40" />;
  if (query.isError)
    return (
      <Card>
        <Failed error={query.error} retry={() => void query.refetch()} />
      </Card>
    );
  return query.data.map((one) => <One key={one.payment.id} {...one} />);
}
