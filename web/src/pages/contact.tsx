import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { BanIcon, FileDownIcon, MergeIcon, PencilIcon, Trash2Icon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { Field } from '@/components/field';
import { Fact, Facts, PageHead } from '@/components/page';
import { ExpiringPoints } from '@/components/points';
import { RecordDialog } from '@/components/record-form';
import { Failed, Loading } from '@/components/states';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { useAct } from '@/lib/act';
import { saveFile } from '@/lib/csv';
import { useFormat } from '@/lib/format';
import { accountQuery, loyaltySettingsQuery } from '@/lib/loyalty';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { languageName } from '@/lib/texts';
import { ContactDialog, contactQuery } from './contact-form';
import { ContactLists } from './contact-lists';
import { ContactTags } from './contact-tags';
import { Offers } from './contacts';

type Contact = Schemas['ContactView'];

function Consent({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const [note, setNote] = useState('');
  const maySave = useIs('agent');
  const params = { path: { id: contact.id } };
  const consents = useQuery({
    queryKey: [workspace, 'consents', contact.id],
    queryFn: () => answer(api.GET('/api/v1/contacts/{id}/consents', { params })),
  });
  const say = useAct(async (marketing: boolean) => {
    await api.POST('/api/v1/contacts/{id}/consents', { params, body: { marketing, note } });
    setNote('');
  }, t('common.saved'));
  return (
    <Card>
      <CardTitle className="flex flex-wrap items-center gap-3">
        {t('contacts.consent')}
        <Offers contact={contact} />
      </CardTitle>
      {consents.isPending ? (
        <Skeleton className="h-16" />
      ) : consents.isError ? (
        <Failed error={consents.error} retry={() => void consents.refetch()} />
      ) : consents.data.items.length === 0 ? (
        <p className="text-sm text-muted-foreground">{t('contacts.consentNone')}</p>
      ) : (
        <ol className="grid gap-3">
          {consents.data.items.map((one) => (
            <li key={one.id} className="border-s-2 ps-3 text-sm">
              <span className="font-medium">{one.granted ? t('contacts.granted') : t('contacts.withdrawn')}</span>
              <span className="text-muted-foreground">
                {' '}
                · {format.moment(one.created_at)} · {t(`contacts.source.${one.source}`, { defaultValue: one.source })}
              </span>
              {one.note && <p className="text-muted-foreground">{one.note}</p>}
            </li>
          ))}
        </ol>
      )}
      {maySave && (
        <form className="mt-6 grid gap-3" onSubmit={(event) => event.preventDefault()}>
          <Field label={t('contacts.consentNote')} hint={t('contacts.consentHint')}>
            <Input value={note} onChange={(event) => setNote(event.target.value)} />
          </Field>
          <div className="flex flex-wrap gap-2">
            <Button
              size="sm"
              variant="outline"
              disabled={!note.trim() || say.isPending || contact.marketing === true}
              onClick={() => say.mutate(true)}
            >
              {t('contacts.saysYes')}
            </Button>
            <Button
              size="sm"
              variant="outline"
              disabled={!note.trim() || say.isPending || contact.marketing === false}
              onClick={() => say.mutate(false)}
            >
              {t('contacts.saysNo')}
            </Button>
          </div>
        </form>
      )}
    </Card>
  );
}

/** The points of a contact who has had some, and of everybody while there is something to earn. */
function Points({ id }: { id: string }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const isOn = useQuery(loyaltySettingsQuery(workspace)).data?.enabled;
  const account = useQuery(accountQuery(workspace, id)).data;
  if (!account || !(isOn || account.changed_at)) return null;
  return (
    <Card aria-label={t('nav.loyalty')}>
      <CardTitle className="flex flex-wrap items-center gap-3">
        {t('nav.loyalty')}
        {account.tier && <Badge tone="good">{account.tier.name}</Badge>}
      </CardTitle>
      <p className="text-3xl font-bold tabular-nums">
        {t('loyalty.points', { count: account.balance, points: format.number(account.balance) })}
      </p>
      <p className="mt-1 text-sm text-muted-foreground">
        {t('loyalty.earnedIs', { points: format.number(account.earned) })}
      </p>
      {account.expiring && (
        <p className="mt-1 text-sm text-muted-foreground">
          <ExpiringPoints of={account.expiring} />
        </p>
      )}
      <Link
        to="/loyalty/accounts/$id"
        params={{ id }}
        className="mt-4 inline-block text-sm font-medium text-primary-text hover:underline"
      >
        {t('loyalty.account')}
      </Link>
    </Card>
  );
}

function useDuplicates(id: string) {
  const workspace = useWorkspaceId();
  return useQuery({
    queryKey: [workspace, 'duplicates', id],
    queryFn: () => answer(api.GET('/api/v1/contacts/{id}/duplicates', { params: { path: { id } } })),
  }).data?.items;
}

/** The other contact ends, and what it has comes here. */
function Merge({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const duplicates = useDuplicates(contact.id);
  return (
    <>
      <Button variant="outline" onClick={() => setOpen(true)}>
        <MergeIcon aria-hidden />
        {t('contacts.merge')}
      </Button>
      <RecordDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('contacts.mergeTitle')}
        hint={t('contacts.mergeText')}
        action={t('contacts.merge')}
        done={t('contacts.merged')}
        initial={{ other: duplicates?.[0]?.id ?? '' }}
        groups={[
          {
            fields: [
              { name: 'other', label: t('contacts.mergeOther'), kind: 'contact', required: true },
              { name: 'sure', label: t('contacts.mergeSure'), kind: 'check' },
            ],
          },
        ]}
        check={(values) =>
          values.other === contact.id
            ? { other: t('contacts.mergeSame') }
            : values.sure
              ? undefined
              : { sure: t('payments.sureMissing') }
        }
        save={(values) =>
          api.POST('/api/v1/contacts/{id}/merge', {
            params: { path: { id: values.other ?? '' } },
            body: { into_id: contact.id },
          })
        }
      />
    </>
  );
}

function Duplicates({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const duplicates = useDuplicates(contact.id);
  if (!duplicates?.length) return null;
  return (
    <Card>
      <CardTitle>{t('contacts.duplicates')}</CardTitle>
      <ul className="grid gap-2 text-sm">
        {duplicates.map((one) => (
          <li key={one.id}>
            <Link to="/contacts/$id" params={{ id: one.id }} className="text-primary-text hover:underline">
              <bdi>{one.name || t('contacts.unnamed')}</bdi>
            </Link>{' '}
            <bdi dir="ltr" className="text-muted-foreground">
              {one.phone ?? one.email}
            </bdi>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function Contact() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/contacts/$id' });
  const workspace = useWorkspaceId();
  const format = useFormat();
  const navigate = useNavigate();
  const [isEdited, setEdited] = useState(false);
  const maySave = useIs('agent');
  const isAdmin = useIs('admin');
  const query = useQuery(contactQuery(workspace, id));
  const params = { path: { id } };
  const block = useAct(() => api.POST('/api/v1/contacts/{id}/block', { params }), t('common.saved'));
  const unblock = useAct(() => api.POST('/api/v1/contacts/{id}/unblock', { params }), t('common.saved'));
  const remove = useAct(async () => {
    const header = { 'If-Match': query.data?.etag };
    await api.DELETE('/api/v1/contacts/{id}', { params: { ...params, header } });
    await navigate({ to: '/contacts' });
  }, t('common.deleted'));

  const data = useAct(async () => {
    const all = await answer(api.GET('/api/v1/contacts/{id}/personal-data', { params }));
    saveFile(`${id}.json`, JSON.stringify(all, null, 2), 'application/json');
  });
  const erase = useAct(async () => {
    await api.POST('/api/v1/contacts/{id}/erase', { params });
    await navigate({ to: '/contacts' });
  }, t('contacts.erased'));

  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const contact = query.data.data;
  const attributes = Object.entries(contact.attributes);
  return (
    <>
      <PageHead
        title={contact.name || contact.phone || t('contacts.unnamed')}
        back={{ to: '/contacts', label: t('contacts.title') }}
      >
        {maySave && (
          <Button onClick={() => setEdited(true)}>
            <PencilIcon aria-hidden />
            {t('common.edit')}
          </Button>
        )}
        {maySave &&
          (contact.blocked_at ? (
            <Button variant="outline" disabled={unblock.isPending} onClick={() => unblock.mutate(undefined)}>
              {t('contacts.unblock')}
            </Button>
          ) : (
            <Confirm
              trigger={
                <Button variant="outline">
                  <BanIcon aria-hidden />
                  {t('contacts.block')}
                </Button>
              }
              title={t('contacts.blockTitle')}
              text={t('contacts.blockText')}
              action={t('contacts.block')}
              destructive
              onConfirm={() => block.mutateAsync(undefined)}
            />
          ))}
        {isAdmin && (
          <>
            <Merge contact={contact} />
            <Button variant="outline" disabled={data.isPending} onClick={() => data.mutate(undefined)}>
              <FileDownIcon aria-hidden />
              {t('contacts.data')}
            </Button>
          </>
        )}
        {isAdmin && (
          <Confirm
            trigger={
              <Button variant="outline" size="icon" aria-label={t('contacts.delete')}>
                <Trash2Icon className="text-destructive-text" aria-hidden />
              </Button>
            }
            title={t('contacts.deleteTitle')}
            text={t('contacts.deleteText')}
            action={t('contacts.delete')}
            destructive
            onConfirm={() => remove.mutateAsync(undefined)}
          />
        )}
      </PageHead>
      <div className="grid items-start gap-6 xl:grid-cols-3">
        <div className="grid gap-6 xl:col-span-2">
          <Card>
            <CardTitle>{t('contacts.about')}</CardTitle>
            <Facts>
              <Fact label={t('contacts.phone')}>
                <bdi dir="ltr">{contact.phone ?? '–'}</bdi>
              </Fact>
              <Fact label={t('contacts.email')}>{contact.email ?? '–'}</Fact>
              <Fact label={t('contacts.language')}>{contact.language ? languageName(contact.language) : '–'}</Fact>
              <Fact label={t('contacts.country')}>{format.country(contact.country)}</Fact>
              <Fact label={t('contacts.activity')}>{format.moment(contact.last_activity_at)}</Fact>
              <Fact label={t('contacts.created')}>{format.moment(contact.created_at)}</Fact>
              {attributes.map(([key, value]) => (
                <Fact key={key} label={key}>
                  {String(value)}
                </Fact>
              ))}
            </Facts>
            {isAdmin && (
              <Confirm
                trigger={
                  <Button variant="link" className="mt-4 px-0 text-destructive-text">
                    {t('contacts.erase')}
                  </Button>
                }
                title={t('contacts.eraseTitle')}
                text={t('contacts.eraseText')}
                action={t('contacts.erase')}
                destructive
                onConfirm={() => erase.mutateAsync(undefined)}
              />
            )}
            <h3 className="mt-6 mb-2 text-sm font-semibold">{t('contacts.tags')}</h3>
            <ContactTags contact={contact} />
          </Card>
          <ContactLists id={id} maySave={maySave} />
        </div>
        <div className="grid gap-6">
          <Points id={id} />
          <Consent contact={contact} />
          <Duplicates contact={contact} />
        </div>
      </div>
      <ContactDialog open={isEdited} onOpenChange={setEdited} of={query.data} />
    </>
  );
}
