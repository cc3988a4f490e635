/* The suite of aw_frames alone, for builds that differ in nothing else. */
#include "suites.h"

int main(void)
{
  return aw_frames_suite();
}
