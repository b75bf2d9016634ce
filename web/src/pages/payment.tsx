import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ContactName } from '@/components/contact-name';
import { Invoices } from '@/components/invoices';
import { Fact, Facts, PageHead } from '@/components/page';
import { currencyOf, paymentQuery, RefundButton, RefundList } from '@/components/refunds';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';

export function Payment() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/payments/$id' });
  const workspace = useWorkspaceId();
  const format = useFormat();
  const isAdmin = useIs('admin');
  const query = useQuery(paymentQuery(workspace, id));
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const { payment, refunds } = query.data;
  const currency = currencyOf(payment);
  return (
    <>
      <PageHead
        title={t('payments.of', { money: format.money(payment.amount_minor, payment.currency) })}
        back={{ to: '/payments', label: t('nav.payments') }}
        badge={<StateBadge state={payment.status} />}
      >
        {isAdmin && <RefundButton payment={payment} />}
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
        <div className="grid gap-6">
          <Card>
            <CardTitle>{t('payments.refunds')}</CardTitle>
            {!refunds.length ? (
              <p className="text-sm text-muted-foreground">{t('payments.refundsNone')}</p>
            ) : (
              <RefundList refunds={refunds} />
            )}
          </Card>
          {payment.paid_at && <Invoices about={{ payment_id: id }} />}
        </div>
      </div>
    </>
  );
}
