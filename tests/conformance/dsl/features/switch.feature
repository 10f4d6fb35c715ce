Feature: Choosing a way

  Scenario: the first case that holds is taken
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: switch-first, version: '1.0.0' }
    do:
      - choose:
          switch:
            - red: { when: '.colour == "red"', then: setRed }
            - warm: { when: '.colour != "blue"', then: setWarm }
            - other: { then: setOther }
      - setRed: { set: { is: red }, then: end }
      - setWarm: { set: { is: warm }, then: end }
      - setOther: { set: { is: other } }
    """
    And given the workflow input is:
    """yaml
    colour: yellow
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    is: warm
    """
    And choose should run first
    And setWarm should run after choose

  Scenario: without a case the flow goes on
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: switch-none, version: '1.0.0' }
    do:
      - choose: { switch: [ { red: { when: .red, then: setRed } } ] }
      - setBlue: { set: { is: blue }, then: end }
      - setRed: { set: { is: red } }
    """
    And given the workflow input is:
    """yaml
    red: false
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    is: blue
    """

  Scenario: a case must lead to a sibling
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: switch-nowhere, version: '1.0.0' }
    do:
      - choose: { switch: [ { red: { when: .red, then: sett } } ] }
      - set: { set: { is: red } }
    """
    When the workflow is executed
    Then the workflow should be refused with:
    """
    :3:
    No step of this list is named `sett`.
    """
