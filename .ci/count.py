"""Print "PASSED FAILED" for the last `meson test` of a build folder: subtests where there are any, else tests."""
import glob
import os
import sys
import xml.etree.ElementTree as tree

passed = failed = 0
logs = sorted(glob.glob(os.path.join(sys.argv[1], "meson-logs", "testlog*.junit.xml")), key=os.path.getmtime)
for suite in tree.parse(logs[-1]).getroot().iter("testsuite"):
    for case in suite.iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is None:
            passed += 1
print(passed, failed)
