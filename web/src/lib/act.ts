import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useReason } from '@/components/states';
import { useWorkspaceId } from './queries';

/** A change: tells how it ended, and reads again what the workspace shows. Changes of one `scope` go out one by one. */
export function useAct<In, Out>(act: (input: In) => Promise<Out>, done?: string, scope?: string) {
  const queries = useQueryClient();
  const workspace = useWorkspaceId();
  const reason = useReason();
  return useMutation({
    mutationFn: act,
    scope: scope === undefined ? undefined : { id: scope },
    onSuccess: () => {
      if (done) toast.success(done);
      return queries.invalidateQueries({ queryKey: [workspace] });
    },
    onError: (error) => toast.error(reason(error)),
  });
}
