import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { UploadIcon } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, tagged, type Schemas } from '@/api/client';
import { DataTable, type Ask, type Column, type Edit } from '@/components/data-table';
import { ExportButton } from '@/components/export-button';
import { AddButton, PageHead } from '@/components/page';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { LANGUAGE_OPTIONS } from '@/lib/i18n';
import { tagsQuery, useIs, useWorkspaceId } from '@/lib/queries';

type Contact = Schemas['ContactView'];

/** The form comes when it is wanted: the list is what most people see first. */
const ContactDialog = lazy(() => import('./contact-form').then(({ ContactDialog }) => ({ default: ContactDialog })));

const SORTS = ['created_at', '-created_at', 'name', '-name', 'last_activity_at', '-last_activity_at'] as const;
const RETAG_MOST = 1000;

const inPlace: Pick<Edit<Contact>, 'read' | 'save'> = {
  read: ({ id }) => tagged(api.GET('/api/v1/contacts/{id}', { params: { path: { id } } })),
  save: (body, { data: { id }, etag }) =>
    answer(api.PATCH('/api/v1/contacts/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body })),
};

async function contacts({ q, sort, filters, limit, cursor }: Ask) {
  if (q) {
    // The best matches, without further pages: a person who does not see theirs writes more of the name.
    const found = await answer(
      api.GET('/api/v1/contacts/search', { params: { query: { q, limit: Math.min(limit, 50) } } }),
    );
    return {
      items: found.items.filter(
        (one) =>
          (!filters.tags || one.tags.includes(filters.tags)) &&
          (!filters.language || one.language === filters.language) &&
          (filters.offers !== 'opted_out' || one.marketing === false) &&
          (filters.offers !== 'blocked' || Boolean(one.blocked_at)),
      ),
    };
  }
  return answer(
    api.GET('/api/v1/contacts', {
      params: {
        query: {
          tag: filters.tags,
          language: filters.language,
          sort: SORTS.find((one) => one === sort),
          opted_out: filters.offers === 'opted_out' || undefined,
          blocked: filters.offers === 'blocked' || undefined,
          limit,
          cursor,
        },
      },
    }),
  );
}

export function Offers({ contact }: { contact: Pick<Contact, 'marketing' | 'blocked_at'> }) {
  const { t } = useTranslation();
  if (contact.blocked_at) return <Badge tone="bad">{t('contacts.blocked')}</Badge>;
  if (contact.marketing === true) return <Badge tone="good">{t('contacts.wants')}</Badge>;
  if (contact.marketing === false) return <Badge tone="waiting">{t('contacts.refuses')}</Badge>;
  return <Badge>{t('contacts.notAsked')}</Badge>;
}

/** Gives a tag to the chosen contacts, or takes it from them. */
function Retag({ contacts, done }: { contacts: Contact[]; done: () => void }) {
  const { t } = useTranslation();
  const [tag, setTag] = useState('');
  const retag = useAct(async (way: 'add' | 'remove') => {
    // The API takes so many at once.
    for (let at = 0; at < contacts.length; at += RETAG_MOST) {
      const contact_ids = contacts.slice(at, at + RETAG_MOST).map((one) => one.id);
      await api.POST('/api/v1/contacts/retag', { body: { contact_ids, [way]: [tag.trim()] } });
    }
    done();
  }, t('common.saved'));
  return (
    <form className="flex flex-wrap gap-2" onSubmit={(event) => event.preventDefault()}>
      <Input
        aria-label={t('contacts.tag')}
        placeholder={t('contacts.tag')}
        className="h-8 w-40 text-foreground"
        value={tag}
        onChange={(event) => setTag(event.target.value)}
      />
      <Button size="sm" disabled={!tag.trim() || retag.isPending} onClick={() => retag.mutate('add')}>
        {t('contacts.tagAdd')}
      </Button>
      <Button
        size="sm"
        variant="outline"
        disabled={!tag.trim() || retag.isPending}
        onClick={() => retag.mutate('remove')}
      >
        {t('contacts.tagRemove')}
      </Button>
    </form>
  );
}

export function Contacts() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const navigate = useNavigate();
  const [isNew, setNew] = useState(false);
  const maySave = useIs('agent');
  const isAdmin = useIs('admin');
  const tags = useQuery(tagsQuery(workspace));
  const columns = useMemo<Column<Contact>[]>(
    () => [
      {
        id: 'name',
        header: t('contacts.name'),
        sort: 'name',
        value: (one) => one.name,
        filter: { kind: 'text' },
        cell: (one) => <bdi className="font-medium">{one.name || t('contacts.unnamed')}</bdi>,
        edit: maySave && {
          ...inPlace,
          text: (one) => one.name ?? '',
          change: (text) => ({ name: text || null }),
        },
      },
      {
        id: 'phone',
        header: t('contacts.phone'),
        value: (one) => one.phone,
        filter: { kind: 'text' },
        cell: (one) => <bdi dir="ltr">{one.phone ?? '–'}</bdi>,
      },
      {
        id: 'email',
        header: t('contacts.email'),
        hidden: true,
        value: (one) => one.email,
        filter: { kind: 'text' },
        cell: (one) => <bdi>{one.email ?? '–'}</bdi>,
        edit: maySave && {
          ...inPlace,
          kind: 'email',
          text: (one) => one.email ?? '',
          change: (text) => ({ email: text || null }),
        },
      },
      {
        id: 'tags',
        header: t('contacts.tags'),
        value: (one) => one.tags.join(', '),
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('contacts.allTags'),
          of: (one) => one.tags,
          options: (tags.data?.items ?? []).map((tag) => ({ value: tag.name, label: `${tag.name} (${tag.contacts})` })),
        },
        cell: (one) =>
          one.tags.length ? (
            <span className="inline-flex flex-wrap gap-1">
              {one.tags.map((tag) => (
                <Badge key={tag}>{tag}</Badge>
              ))}
            </span>
          ) : (
            '–'
          ),
      },
      {
        id: 'offers',
        header: t('contacts.offers'),
        value: (one) => (one.blocked_at ? 'blocked' : one.marketing == null ? '' : one.marketing ? 'yes' : 'no'),
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('contacts.all'),
          of: (one) => [...(one.marketing === false ? ['opted_out'] : []), ...(one.blocked_at ? ['blocked'] : [])],
          options: [
            { value: 'opted_out', label: t('contacts.refuses') },
            { value: 'blocked', label: t('contacts.blocked') },
          ],
        },
        cell: (one) => <Offers contact={one} />,
      },
      {
        id: 'language',
        header: t('contacts.language'),
        hidden: true,
        value: (one) => one.language,
        filter: {
          kind: 'choice',
          server: true,
          options: LANGUAGE_OPTIONS,
        },
        cell: (one) => one.language ?? '–',
        edit: maySave && {
          ...inPlace,
          kind: 'choice',
          options: [{ value: '', label: t('contacts.languageUnknown') }, ...LANGUAGE_OPTIONS],
          text: (one) => one.language ?? '',
          change: (text) => ({ language: text || null }),
        },
      },
      {
        id: 'country',
        header: t('contacts.country'),
        hidden: true,
        value: (one) => one.country,
        filter: { kind: 'text' },
        cell: (one) => one.country ?? '–',
      },
      {
        id: 'activity',
        header: t('contacts.activity'),
        sort: 'last_activity_at',
        value: (one) => one.last_activity_at,
        filter: { kind: 'day' },
        cell: (one) => format.moment(one.last_activity_at),
      },
      {
        id: 'created',
        header: t('contacts.created'),
        sort: 'created_at',
        value: (one) => one.created_at,
        filter: { kind: 'day' },
        hidden: true,
        cell: (one) => format.day(one.created_at),
      },
    ],
    [t, format, tags.data, maySave],
  );
  return (
    <>
      <PageHead title={t('contacts.title')}>
        <ExportButton
          rows={(filters) => ({
            kind: 'contacts',
            tag: filters.tags,
            language: filters.language,
            opted_out: filters.offers === 'opted_out' || undefined,
            blocked: filters.offers === 'blocked' || undefined,
          })}
        />
        {isAdmin && (
          <Button asChild variant="outline">
            <Link to="/imports">
              <UploadIcon aria-hidden />
              {t('imports.title')}
            </Link>
          </Button>
        )}
        {maySave && <AddButton onClick={() => setNew(true)}>{t('contacts.add')}</AddButton>}
      </PageHead>
      <DataTable
        name="contacts"
        label={t('contacts.title')}
        columns={columns}
        source={{ key: [workspace, 'contacts'], load: contacts }}
        rowId={(one) => one.id}
        href={(one) => `/contacts/${one.id}`}
        searchLabel={t('contacts.search')}
        bulk={maySave ? (rows, done) => <Retag contacts={rows} done={done} /> : undefined}
        empty={{ title: t('contacts.none'), hint: t('contacts.noneHint') }}
      />
      {isNew && (
        <Suspense>
          <ContactDialog
            open
            onOpenChange={setNew}
            onSaved={(contact) => void navigate({ to: '/contacts/$id', params: { id: contact.id } })}
          />
        </Suspense>
      )}
    </>
  );
}
