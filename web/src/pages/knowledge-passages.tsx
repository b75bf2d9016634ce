// The passages that the model may get, and the search in them.

import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { nameColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { Dialog } from '@/components/ui/dialog';
import { direction, LANGUAGE_OPTIONS } from '@/lib/i18n';
import { useWorkspaceId } from '@/lib/queries';
import { languageName } from '@/lib/texts';
import { Reader } from './knowledge-reader';

type Passage = Schemas['KnowledgePassage'];

export function Passages() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const [shown, setShown] = useState<Passage | null>(null);
  const columns = useMemo<Column<Passage>[]>(
    () => [
      nameColumn(t('knowledge.passage'), (one) => one.title, 'title'),
      {
        id: 'text',
        header: t('knowledge.body'),
        value: (one) => one.text,
        cell: (one) => (
          <span dir={direction(one.language)} className="line-clamp-3 min-w-48 whitespace-normal">
            {one.text}
          </span>
        ),
      },
      {
        id: 'document',
        header: t('knowledge.document'),
        value: (one) => one.document_title,
        cell: (one) => <bdi>{one.document_title}</bdi>,
      },
      {
        id: 'language',
        header: t('common.language'),
        value: (one) => one.language,
        filter: { kind: 'choice', options: LANGUAGE_OPTIONS },
        cell: (one) => languageName(one.language),
      },
    ],
    [t],
  );
  return (
    <>
      <DataTable
        name="knowledge-passages"
        label={t('knowledge.passages')}
        columns={columns}
        source={{
          key: [workspace, 'knowledge', 'passages'],
          load: ({ q, limit, cursor }) =>
            answer(api.GET('/api/v1/knowledge/passages', { params: { query: { q, limit, cursor } } })),
        }}
        searchLabel={t('knowledge.search')}
        rowId={(one) => one.id}
        onRow={setShown}
        empty={{ title: t('knowledge.passagesNone'), hint: t('knowledge.passagesHint') }}
      />
      <Dialog open={shown !== null} onOpenChange={(open) => !open && setShown(null)}>
        {shown && <Reader id={shown.document_id} passage={shown} />}
      </Dialog>
    </>
  );
}
