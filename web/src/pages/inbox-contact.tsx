import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';
import { languageName } from '@/lib/texts';
import { contactQuery } from './contact-form';
import { Offers } from './contacts';
import { Fact } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';

const ORDERS = 3;

/** Who writes, beside the conversation. */
export function ContactPanel({ id }: { id: string }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const contact = useQuery(contactQuery(workspace, id));
  const orders = useQuery({
    queryKey: [workspace, 'orders', 'of', id, ORDERS],
    queryFn: () => answer(api.GET('/api/v1/orders', { params: { query: { contact_id: id, limit: ORDERS } } })),
  }).data?.items;
  if (contact.isError) return <Failed error={contact.error} retry={() => void contact.refetch()} />;
  if (contact.isPending) return <Loading />;
  const one = contact.data.data;
  return (
    <div className="grid content-start gap-4">
      <h2 className="text-lg font-semibold break-words">
        <bdi>{one.name ?? one.phone ?? '–'}</bdi>
      </h2>
      <Button asChild size="sm" variant="outline">
        <Link to="/contacts/$id" params={{ id }}>
          {t('inbox.openContact')}
        </Link>
      </Button>
      <dl className="grid gap-3">
        <Fact label={t('contacts.phone')}>
          <bdi dir="ltr">{one.phone ?? '–'}</bdi>
        </Fact>
        {one.email && <Fact label={t('contacts.email')}>{one.email}</Fact>}
        {one.language && <Fact label={t('common.language')}>{languageName(one.language)}</Fact>}
        <Fact label={t('contacts.consent')}>
          <Offers contact={one} />
        </Fact>
        {one.tags.length > 0 && (
          <Fact label={t('contacts.tags')}>
            <span className="flex flex-wrap gap-1">
              {one.tags.map((tag) => (
                <Badge key={tag}>{tag}</Badge>
              ))}
            </span>
          </Fact>
        )}
        {Object.entries(one.attributes).map(([key, value]) => (
          <Fact key={key} label={key}>
            <bdi>{String(value)}</bdi>
          </Fact>
        ))}
        <Fact label={t('inbox.since')}>{format.day(one.created_at)}</Fact>
      </dl>
      {orders && orders.length > 0 && (
        <section aria-label={t('nav.orders')}>
          <h3 className="mb-1 text-sm font-semibold">{t('nav.orders')}</h3>
          <ul className="divide-y">
            {orders.map((order) => (
              <li key={order.id} className="flex flex-wrap items-center justify-between gap-2 py-2 text-sm">
                <Link to="/orders/$id" params={{ id: order.id }} className="text-primary-text hover:underline">
                  #{order.number}
                </Link>
                <StateBadge state={order.status} />
                <span className="tabular-nums">{format.money(order.total_minor, order.currency)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
