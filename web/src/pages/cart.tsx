// What a contact means to buy. A member can change it and order it for them.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { ShoppingCartIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { ContactName } from '@/components/contact-name';
import { Field } from '@/components/field';
import { NOTE_CHARS, OrderLines } from '@/components/order-lines';
import { Fact, Facts, PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Textarea } from '@/components/ui/input';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';

type Cart = Schemas['Cart'];

function Place({ cart }: { cart: Cart }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const [note, setNote] = useState('');
  const place = useAct(async () => {
    const { id, version, total_minor } = cart;
    const order = await answer(
      api.POST('/api/v1/carts/{id}/order', {
        params: { path: { id } },
        body: { version, total_minor, note: note.trim() },
      }),
    );
    await navigate({ to: '/orders/$id', params: { id: order.id } });
  }, t('orders.placed'));
  return (
    <Confirm
      trigger={
        <Button disabled={!cart.items.length || cart.items.some((item) => item.problem)}>
          <ShoppingCartIcon aria-hidden />
          {t('orders.place')}
        </Button>
      }
      title={t('orders.placeTitle', { total: format.money(cart.total_minor, cart.currency) })}
      text={t('orders.placeHint')}
      action={t('orders.place')}
      onConfirm={() => place.mutateAsync(undefined)}
    >
      <Field label={t('orders.note')}>
        <Textarea dir="auto" maxLength={NOTE_CHARS} value={note} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </Confirm>
  );
}

export function CartPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/orders/carts/$id' });
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('agent');
  const query = useQuery({
    queryKey: [workspace, 'cart', id],
    queryFn: () => answer(api.GET('/api/v1/carts/{id}', { params: { path: { id } } })),
  });
  const queries = useQueryClient();
  const put = (product_id: string, quantity: number) =>
    api.PUT('/api/v1/carts/{id}/items/{product_id}', { params: { path: { id, product_id } }, body: { quantity } });
  const add = useAct((product_id: string) => put(product_id, 1));
  const remove = useAct((product_id: string) =>
    api.DELETE('/api/v1/carts/{id}/items/{product_id}', { params: { path: { id, product_id } } }),
  );
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const cart = query.data;
  const isOpen = maySave && cart.status === 'open';
  return (
    <>
      <PageHead
        title={t('carts.one')}
        back={{ to: '/orders', search: { tab: 'carts' }, label: t('carts.title') }}
        badge={<StateBadge state={cart.status} />}
      >
        {isOpen && <Place cart={cart} />}
      </PageHead>
      <div className="grid items-start gap-6 xl:grid-cols-3">
        <Card className="xl:col-span-2">
          <CardTitle>{t('orders.items')}</CardTitle>
          <OrderLines
            lines={cart.items.map(({ product_id, quantity, problem }) => ({
              product_id,
              quantity,
              fault: problem ? t(`carts.problems.${problem}`) : undefined,
            }))}
            {...(isOpen && {
              onAdd: ({ id: product_id }) => add.mutate(product_id),
              // The line itself tells of a refusal.
              onQuantity: async (product_id, quantity) => {
                await put(product_id, quantity);
                await queries.invalidateQueries({ queryKey: [workspace] });
              },
              onRemove: (product_id) => remove.mutate(product_id),
            })}
          />
          <p className="mt-4 flex justify-between border-t pt-4 font-semibold">
            {t('orders.total')} <span className="tabular-nums">{format.money(cart.total_minor, cart.currency)}</span>
          </p>
        </Card>
        <Card>
          <CardTitle>{t('orders.about')}</CardTitle>
          <Facts>
            <Fact label={t('orders.contact')}>
              <ContactName id={cart.contact_id} link />
            </Fact>
            <Fact label={t('carts.begun')}>{format.moment(cart.created_at)}</Fact>
            <Fact label={t('carts.changed')}>{format.moment(cart.updated_at)}</Fact>
          </Facts>
        </Card>
      </div>
    </>
  );
}
