import { useListState } from '@/lib/list-state';
import { cn } from '@/lib/utils';

/** The parts of a page. The address names the one in sight. */
export function Tabs({ label, tabs }: { label: string; tabs: { id: string; label: string }[] }) {
  const { change } = useListState();
  const shown = useTab(tabs.map((tab) => tab.id));
  return (
    <nav aria-label={label} className="mb-6 flex gap-1 overflow-x-auto border-b [scrollbar-width:none]">
      {tabs.map((tab, index) => (
        <button
          key={tab.id}
          type="button"
          aria-current={tab.id === shown ? 'page' : undefined}
          className={cn(
            '-mb-px h-10 shrink-0 border-b-2 px-4 text-sm font-medium focus-visible:-outline-offset-2',
            tab.id === shown ? 'border-primary text-primary-text' : 'border-transparent hover:bg-muted',
          )}
          onClick={() => change({ tab: index === 0 ? undefined : tab.id, q: undefined, sort: undefined, f: undefined })}
        >
          {tab.label}
        </button>
      ))}
    </nav>
  );
}

export function useTab(ids: string[]) {
  const { search } = useListState();
  return ids.find((id) => id === search.tab) ?? ids[0]!;
}
