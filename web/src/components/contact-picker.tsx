import { useQuery } from '@tanstack/react-query';
import { useId, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { contactNameQuery, useWorkspaceId } from '@/lib/queries';
import { cn } from '@/lib/utils';
import { Input } from './ui/input';

const SHOWN = 8;

/** Finds a contact by a part of the name, the phone or the e-mail address. */
export function ContactPicker({
  value,
  onChange,
  except,
  ...control
}: {
  value: string;
  onChange: (id: string) => void;
  except?: string;
  id?: string;
  'aria-invalid'?: boolean;
  'aria-describedby'?: string;
}) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const list = useId();
  const [text, setText] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const name = useQuery({ ...contactNameQuery(workspace, value), enabled: value !== '' }).data;
  const q = text?.trim() ?? '';
  const found = useQuery({
    queryKey: [workspace, 'contacts', 'pick', q],
    queryFn: () => answer(api.GET('/api/v1/contacts/search', { params: { query: { q, limit: SHOWN } } })),
    enabled: q.length > 1,
  });
  const options = q.length > 1 ? (found.data?.items.filter((one) => one.id !== except) ?? []) : [];
  const pick = (id: string) => {
    onChange(id);
    setText(null);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAt((before) => Math.max(0, Math.min(options.length - 1, before + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Enter' && options[at]) {
      event.preventDefault();
      pick(options[at].id);
    } else if (event.key === 'Escape' && text !== null) {
      event.stopPropagation();
      setText(null);
    }
  };
  return (
    <div className="relative">
      <Input
        {...control}
        role="combobox"
        aria-expanded={options.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={options[at] && `${list}-${at}`}
        autoComplete="off"
        placeholder={t('contacts.search')}
        value={text ?? (value ? (name ?? '…') : '')}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          if (value) onChange('');
        }}
        onKeyDown={press}
        onBlur={() => setText(null)}
      />
      <ul
        id={list}
        role="listbox"
        aria-label={t('contacts.title')}
        className={cn(
          'absolute inset-x-0 top-full z-10 mt-1 rounded-md border bg-popover p-1 shadow-md',
          !options.length && 'hidden',
        )}
      >
        {options.map((one, index) => (
          <li
            key={one.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            className={cn(
              'flex cursor-pointer justify-between gap-2 rounded-sm p-2 text-sm',
              index === at && 'bg-muted',
            )}
            // The field keeps the focus, so that its list stays open until the click ends.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => pick(one.id)}
          >
            <bdi className="truncate">{one.name || t('contacts.unnamed')}</bdi>
            <bdi dir="ltr" className="text-muted-foreground">
              {one.phone ?? one.email}
            </bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}
