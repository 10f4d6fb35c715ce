Feature: Lifecycle events

  Scenario: a workflow hears what became of another
    Given a deployed workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: watched, version: '1.0.0' }
    do:
      - answer: { set: { watched: 42 } }
    """
    And given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: watching, version: '1.0.0' }
    do:
      - start:
          run: { workflow: { namespace: features, name: watched, version: '1.0.0' } }
      - hear:
          listen:
            to:
              all:
                - with: { type: io.serverlessworkflow.workflow.started.v1 }
                  correlate: { of: { from: .data.definition.name, expect: watched } }
                - with: { type: io.serverlessworkflow.task.completed.v1 }
                  correlate: { of: { from: .data.task, expect: /do/0/answer } }
                - with: { type: io.serverlessworkflow.workflow.completed.v1 }
                  correlate: { of: { from: .data.output.watched, expect: 42 } }
          output: { as: '[.[] | .task // .output // .definition.version]' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [ 1.0.0, /do/0/answer, { watched: 42 } ]
    """
