/* The suites of aw_frames alone, for builds that differ in nothing else. */
#include "suites.h"

int main(void)
{
  return aw_frames_suite() + aw_frames_cases_suite();
}
