/* Test only: Wine 8's cfgmgr32.dll lacks this one; the rest is forwarded by a .def file made from Wine's own. */
#include <windows.h>

__declspec(dllexport) DWORD WINAPI CM_MapCrToWin32Err(DWORD result, DWORD otherwise)
{
    return result ? otherwise : ERROR_SUCCESS;
}
