import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { BanIcon, KeyRoundIcon, RefreshCwIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { ContactName } from '@/components/contact-name';
import { Fact, Facts, PageHead } from '@/components/page';
import { pairsOf, RecordDialog } from '@/components/record-form';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Checkbox } from '@/components/ui/checkbox';
import { useAct } from '@/lib/act';
import { inLanguage, useFormat } from '@/lib/format';
import { moneyOf } from '@/lib/money';
import { plansQuery, useIs, useWorkspaceId } from '@/lib/queries';

const LIVE_MS = 5_000;

export function Subscription() {
  const { t, i18n } = useTranslation();
  const { id } = useParams({ from: '/app/subscriptions/$id' });
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const params = { path: { id } };
  const [atEnd, setAtEnd] = useState(true);
  const [isDetails, setDetails] = useState(false);
  const query = useQuery({
    queryKey: [workspace, 'subscription', id],
    queryFn: () => answer(api.GET('/api/v1/subscriptions/{id}', { params })),
    refetchInterval: LIVE_MS,
  });
  const periods = useQuery({
    queryKey: [workspace, 'periods', id],
    queryFn: () => answer(api.GET('/api/v1/subscriptions/{id}/periods', { params })),
    refetchInterval: LIVE_MS,
  });
  const plans = useQuery(plansQuery(workspace)).data?.items;
  const renew = useAct(() => api.POST('/api/v1/subscriptions/{id}/renew', { params }), t('subscriptions.renewed'));
  const cancel = useAct(
    () =>
      api.POST('/api/v1/subscriptions/{id}/cancel', {
        params,
        body: { at_end: atEnd && Boolean(query.data?.ends_at) },
      }),
    t('common.done'),
  );
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const one = query.data;
  const plan = plans?.find((each) => each.id === one.plan_id);
  const price = plan && moneyOf(plan.price);
  const isOpen = one.status !== 'cancelled' && one.status !== 'expired';
  return (
    <>
      <PageHead
        title={inLanguage(plan?.names, i18n.language) || t('subscriptions.one')}
        back={{ to: '/subscriptions', label: t('nav.subscriptions') }}
        badge={<StateBadge state={one.status} />}
      >
        {maySave && (
          <>
            {one.status !== 'cancelled' && !one.payment && (
              <Confirm
                trigger={
                  <Button>
                    <RefreshCwIcon aria-hidden />
                    {t('subscriptions.renew')}
                  </Button>
                }
                title={t('subscriptions.renewTitle')}
                text={t('subscriptions.renewText')}
                action={t('subscriptions.renew')}
                onConfirm={() => renew.mutateAsync(undefined)}
              />
            )}
            <Button variant="outline" onClick={() => setDetails(true)}>
              <KeyRoundIcon aria-hidden />
              {t('subscriptions.details')}
            </Button>
            {isOpen && (
              <Confirm
                trigger={
                  <Button variant="outline">
                    <BanIcon aria-hidden />
                    {t('subscriptions.cancel')}
                  </Button>
                }
                title={t('subscriptions.cancelTitle')}
                text={t('subscriptions.cancelText')}
                action={t('subscriptions.cancel')}
                dismiss={t('common.back')}
                destructive
                onConfirm={() => cancel.mutateAsync(undefined)}
              >
                {one.ends_at && (
                  <label className="flex items-center gap-2 text-sm">
                    <Checkbox checked={atEnd} onChange={(event) => setAtEnd(event.target.checked)} />
                    {t('subscriptions.atEnd')}
                  </label>
                )}
              </Confirm>
            )}
          </>
        )}
      </PageHead>
      <div className="grid items-start gap-6 xl:grid-cols-3">
        <Card className="xl:col-span-2">
          <CardTitle>{t('subscriptions.about')}</CardTitle>
          <Facts>
            <Fact label={t('subscriptions.contact')}>
              <ContactName id={one.contact_id} link />
            </Fact>
            <Fact label={t('subscriptions.price')}>{price ? format.money(price.minor, price.currency) : '–'}</Fact>
            <Fact label={t('common.created')}>{format.moment(one.created_at)}</Fact>
            <Fact label={t('subscriptions.starts')}>{format.moment(one.starts_at)}</Fact>
            <Fact label={t('subscriptions.ends')}>{format.moment(one.ends_at)}</Fact>
            {one.grace_until && <Fact label={t('subscriptions.graceUntil')}>{format.moment(one.grace_until)}</Fact>}
            <Fact label={t('subscriptions.autoCancel')}>{one.auto_cancel ? t('common.yes') : t('common.no')}</Fact>
            {one.payment && (
              <Fact label={t('subscriptions.paymentOpen')}>
                {one.payment.url ? (
                  <a
                    href={one.payment.url}
                    target="_blank"
                    rel="noreferrer"
                    className="text-primary-text underline-offset-4 hover:underline"
                  >
                    {t('payments.page')}
                  </a>
                ) : (
                  format.moment(one.payment.until)
                )}
              </Fact>
            )}
          </Facts>
        </Card>
        <Card>
          <CardTitle>{t('subscriptions.periods')}</CardTitle>
          {!periods.data?.items.length ? (
            <p className="text-sm text-muted-foreground">{t('subscriptions.periodsNone')}</p>
          ) : (
            <ol className="grid gap-3">
              {periods.data.items.map((period) => {
                const amount = moneyOf(period.amount);
                return (
                  <li key={period.id} className="border-s-2 ps-3 text-sm">
                    <p className="font-medium">
                      {format.day(period.starts_at)} – {format.day(period.ends_at)}
                    </p>
                    <p className="text-muted-foreground">
                      {format.money(amount.minor, amount.currency)} · {format.moment(period.paid_at)}
                      {period.refunded_at && ` · ${t('state.refunded')}`}
                    </p>
                  </li>
                );
              })}
            </ol>
          )}
        </Card>
      </div>
      <RecordDialog
        open={isDetails}
        onOpenChange={setDetails}
        title={t('subscriptions.details')}
        hint={t('subscriptions.detailsHint')}
        groups={[
          {
            fields: [
              {
                name: 'details',
                label: t('subscriptions.detailsLabel'),
                hint: t('subscriptions.detailsExample'),
                kind: 'area',
                required: true,
              },
            ],
          },
        ]}
        save={(values) =>
          api.PUT('/api/v1/subscriptions/{id}/details', {
            params,
            body: { details: pairsOf(values.details) },
          })
        }
      />
    </>
  );
}
