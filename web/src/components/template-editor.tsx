import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { SaveIcon, SendIcon } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { answer, api, ApiError, tagged, type Schemas, type Tagged } from '@/api/client';
import { useAct } from '@/lib/act';
import { channelsQuery, templatesQuery, useWorkspaceId } from '@/lib/queries';
import { differing, fixedOf, type Draft } from '@/lib/template-draft';
import { faultsOf } from '@/lib/template-faults';
import type { Faults } from '@/lib/template-finder';
import { draftOf } from '@/lib/template-read';
import { requestOf } from '@/lib/template-request';
import { shownOf } from '@/lib/template-shown';
import { Confirm } from './confirm';
import { Conflict } from './conflict';
import { LeaveGuard } from './leave-guard';
import { useReason } from './states';
import { TemplateForm } from './template-form';
import { TemplatePreview } from './template-preview';
import { TemplateSamples } from './template-samples';
import { Button } from './ui/button';

type Template = Schemas['Template'];

/** Places that are empty at first, and whose faults are not said before somebody saves. */
const OPEN = /\/(examples\/\d+|example|handle|zero_tap_terms_accepted)$/;

export const readTemplate = (id: string) => tagged(api.GET('/api/v1/templates/{id}', { params: { path: { id } } }));

const isStale = (error: unknown) => error instanceof ApiError && error.status === 412;
const wordsOf = ({ data }: Tagged<Template>) => JSON.stringify(draftOf(data, ''));

/** Writes a template: a new one that begins as `start`, or the draft `of` that the API has. */
export function TemplateEditor({
  start,
  of,
  onUnsaved,
}: {
  start: Draft;
  of?: Tagged<Template>;
  /** Hears whether something is not saved, so that the page does not take the editor away from it. */
  onUnsaved?: (isUnsaved: boolean) => void;
}) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const navigate = useNavigate();
  const reason = useReason();
  const all = useQuery(templatesQuery(workspace)).data?.items ?? [];
  const channels = useQuery(channelsQuery(workspace)).data?.items.filter((one) => one.kind === 'whatsapp');
  const only = channels?.length === 1 ? channels[0]!.id : '';
  const form = useRef<HTMLFormElement>(null);
  const base = useRef(of);
  // What the API has. A new template has nothing there, even if it begins as a copy.
  const saved = useRef(start);
  const [written, setWritten] = useState(start);
  const [isTried, setTried] = useState(false);
  const [tries, setTries] = useState(0);
  const [refused, setRefused] = useState<Faults>({});
  const [fault, setFault] = useState('');
  const [conflict, setConflict] = useState<Tagged<Template> | null>(null);
  const draft = { ...written, channel: written.channel || only };

  const own = faultsOf(draft, all, base.current?.data.id, t);
  const required = t('common.required');
  // What is still empty is no mistake before the person says that they are done.
  const isOpen = (pointer: string) => own[pointer] === required || OPEN.test(pointer);
  const isSeen = (pointer: string) => isTried || !isOpen(pointer);
  const shown = { ...refused, ...Object.fromEntries(Object.entries(own).filter(([pointer]) => isSeen(pointer))) };

  useEffect(() => {
    if (tries) form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid="true"]')?.focus();
  }, [tries]);

  const isDirty = () => JSON.stringify(written) !== JSON.stringify(saved.current);
  // A save changes it without a change of what is written, so each render tells.
  useEffect(() => onUnsaved?.(isDirty()));
  const change = (patch: Partial<Draft>) => {
    setRefused({});
    setFault('');
    setWritten((before) => ({ ...before, ...patch }));
  };
  const isGood = () => {
    setTried(true);
    if (!Object.keys(own).length) return true;
    setTries((before) => before + 1);
    return false;
  };

  const put = async (body: Schemas['NewTemplate'], seen: Tagged<Template>) => {
    const change = ({ data, etag }: Tagged<Template>) =>
      tagged(
        api.PUT('/api/v1/templates/{id}', { params: { path: { id: data.id }, header: { 'If-Match': etag } }, body }),
      );
    try {
      return await change(seen);
    } catch (error) {
      if (!isStale(error)) throw error;
      // Meta's news change the tag too: then there is nothing that this person has not seen.
      const now = await readTemplate(seen.data.id);
      if (wordsOf(now) !== wordsOf(seen)) throw error;
      return change(now);
    }
  };
  const keep = async (then: Draft) => {
    const body = requestOf(then);
    const { current } = base;
    base.current = await (current ? put(body, current) : tagged(api.POST('/api/v1/templates', { body })));
    saved.current = written;
    return base.current.data;
  };
  const refuse = async (error: unknown) => {
    if (isStale(error) && base.current) {
      setConflict(await readTemplate(base.current.data.id));
      return;
    }
    const faults = (error instanceof ApiError && error.problem?.errors) || [];
    setRefused(Object.fromEntries(faults.map(({ pointer, detail }) => [pointer, detail])));
    setTried(true);
    setTries((before) => before + 1);
    setFault(faults.length ? t('templates.refused') : reason(error));
  };
  const open = (id: string) =>
    of ? undefined : navigate({ to: '/templates/$id', params: { id }, replace: true, ignoreBlocker: true });
  const save = useAct(async () => {
    try {
      const { id } = await keep(draft);
      toast.success(t('common.saved'));
      await open(id);
    } catch (error) {
      await refuse(error);
    }
  });
  const submit = useAct(async () => {
    try {
      const { id } = isDirty() || !base.current ? await keep(draft) : base.current.data;
      await answer(api.POST('/api/v1/templates/{id}/submit', { params: { path: { id } } }));
      toast.success(t('templates.submitted'));
      await open(id);
    } catch (error) {
      await refuse(error);
    }
  });

  const preview = shownOf(draft, t);
  const theirs = conflict && draftOf(conflict.data, draft.channel);
  const settle = () => {
    base.current = conflict ?? undefined;
    setConflict(null);
  };
  return (
    <form
      ref={form}
      noValidate
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]"
      onSubmit={(event) => {
        event.preventDefault();
        if (isGood()) save.mutate(undefined);
      }}
    >
      <LeaveGuard isUnsaved={isDirty} />
      <div className="grid min-w-0 gap-4">
        {theirs && (
          <Conflict
            differing={differing(theirs, draft, t)}
            onKeepMine={() => {
              settle();
              save.mutate(undefined);
            }}
            onTakeTheirs={() => {
              settle();
              saved.current = theirs;
              setWritten(theirs);
            }}
          />
        )}
        {!of && (
          <div>
            <TemplateSamples language={draft.language} onChoose={change} />
          </div>
        )}
        <TemplateForm value={draft} faults={shown} fixed={fixedOf(base.current?.data)} onChange={change} />
      </div>
      <div className="grid gap-4 lg:sticky lg:top-20">
        <TemplatePreview {...preview} />
        {fault && (
          <p role="alert" className="text-sm text-destructive-text">
            {fault}
          </p>
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="outline" disabled={save.isPending || submit.isPending || conflict !== null}>
            <SaveIcon aria-hidden />
            {t('templates.save')}
          </Button>
          <Confirm
            trigger={
              <Button
                disabled={save.isPending || submit.isPending || conflict !== null}
                onClick={(event) => {
                  // A dialog about what Meta refuses anyway is of no use.
                  if (!isGood()) event.preventDefault();
                }}
              >
                <SendIcon aria-hidden />
                {t('templates.submit')}
              </Button>
            }
            title={t('templates.submitTitle')}
            text={t(base.current?.data.external_id ? 'templates.submitChange' : 'templates.submitText')}
            action={t('templates.submit')}
            onConfirm={() => submit.mutateAsync(undefined)}
          />
        </div>
        <p className="text-xs text-muted-foreground">{t('templates.saveHint')}</p>
      </div>
    </form>
  );
}
