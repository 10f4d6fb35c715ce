Feature: Calls of agents

  Scenario: a message to the agent of a card
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: a2a-send, version: '1.0.0' }
    do:
      - report:
          call: a2a
          with:
            method: message/send
            agentCard: { endpoint: 'http://petshop.test/agent-card' }
            parameters:
              message:
                parts: [ { kind: text, text: '${ "Report on " + .name }' } ]
          output: { as: '{ said: .parts[0].text, to: .role }' }
    """
    And given the workflow input is:
    """yaml
    name: Rex
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    { said: Report on Rex is done, to: agent }
    """

  Scenario: a message to an agent of A2A 1.0, whose answer reads as one of 0.3
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: a2a-new, version: '1.0.0' }
    do:
      - report:
          call: a2a
          with:
            method: message/send
            agentCard: { endpoint: 'http://petshop.test/new-card' }
            parameters:
              message:
                parts: [ { kind: text, text: '${ "Report on " + .name }' } ]
          output: { as: '{ state: .status.state, said: .artifacts[0].parts[0].text }' }
    """
    And given the workflow input is:
    """yaml
    name: Rex
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    { state: completed, said: Report on Rex is done }
    """

  Scenario: a message whose answers come as a stream
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: a2a-stream, version: '1.0.0' }
    do:
      - report:
          call: a2a
          with:
            method: message/stream
            server: { uri: 'http://petshop.test/agent' }
            parameters: { message: { parts: [] } }
          output: { as: '[.[].status.state]' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [ working, completed ]
    """

  Scenario: an agent that does not know the task is a runtime error
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: a2a-unknown, version: '1.0.0' }
    do:
      - find:
          call: a2a
          with:
            method: tasks/get
            server: http://petshop.test/agent
            parameters: { id: no-such-task }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/runtime
    status: 500
    instance: /do/0/find
    """
