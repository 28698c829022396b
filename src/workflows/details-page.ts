/**
 * The page that Temporal's web UI shows of a workflow. It is made when somebody looks at it, not at every event: of a large
 * cluster it costs more than all that the workflow decides, and in a replay nobody looks. Temporal asks for it with a query
 * of its own, which a handler cannot answer; so it is put in place right before that query is.
 */
import { setCurrentDetails } from '@temporalio/workflow';
import type { ActivateInput, WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** The name by which Temporal asks for what it shows of a workflow beside its history. */
const metadataQuery = '__temporal_workflow_metadata';

/** Each workflow has its own, as the sandbox gives each its own modules. */
let page: (() => string) | null = null;

/** From now on the web UI shows what this makes, as of the moment when somebody looks. */
export const showAsPage = (render: () => string): void => {
  page = render;
};

const isLookedAt = ({ activation: { jobs } }: ActivateInput): boolean =>
  jobs?.some(({ queryWorkflow }) => queryWorkflow?.queryType === metadataQuery) === true;

/** Belongs into every bundle of the workflows; without it their pages stay empty. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  internals: [
    {
      activate: (input, next) => {
        if (page !== null && isLookedAt(input)) setCurrentDetails(page());
        next(input);
      },
    },
  ],
});
