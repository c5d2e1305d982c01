; Gate Station's setup for one user: no administrator, no question that /S cannot answer. Called by package.py.
; Exit codes: 0 done, 1 cancelled, 2 failed, 3 the program is open, 4 a newer version is there, 5 Windows is too old.

Unicode true
Target amd64-unicode
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include Sections.nsh
!include WinVer.nsh
!include WordFunc.nsh

!define ROWS "Software\Microsoft\Windows\CurrentVersion\Uninstall\${COMMAND}"

Name "${NAME}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${ROWS}" "InstallLocation"
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS Win10
!ifdef QUICK
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
  ; 64 takes a third longer for 0.8 MB.
  SetCompressorDictSize 16
!endif
; A file that cannot be written ends the setup: half a program is none.
AllowSkipFiles off
BrandingText "${NAME} ${VERSION}"

VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey /LANG=0 "ProductName" "${NAME}"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileVersion" "${NUMBERS}"
VIAddVersionKey /LANG=0 "FileDescription" "${NAME} Setup"
VIAddVersionKey /LANG=0 "CompanyName" "${PUBLISHER}"
VIAddVersionKey /LANG=0 "LegalCopyright" "${COPYRIGHT}"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${WINDOW_COMMAND}.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_COMPONENTS
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; A running program's file cannot be opened for writing, whoever started it.
!macro NotOpen executable
  ${Do}
    ${IfNot} ${FileExists} "$INSTDIR\${executable}.exe"
      ${Break}
    ${EndIf}
    ClearErrors
    FileOpen $0 "$INSTDIR\${executable}.exe" a
    ${IfNot} ${Errors}
      FileClose $0
      ${Break}
    ${EndIf}
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${NAME} is open. Close it, then press Retry." /SD IDCANCEL IDRETRY +3
    SetErrorLevel 3
    Quit
  ${Loop}
!macroend

Function .onInit
  ${IfNot} ${AtLeastWin10}
  ${OrIfNot} ${AtLeastBuild} 17763
    MessageBox MB_OK|MB_ICONSTOP "${NAME} needs Windows 10, version 1809, or newer." /SD IDOK
    SetErrorLevel 5
    Quit
  ${EndIf}
  ReadRegStr $0 HKCU "${ROWS}" "VersionNumbers"
  ${If} $0 != ""
    ${VersionCompare} "$0" "${NUMBERS}" $1
    ${If} $1 == 1
      MessageBox MB_OK|MB_ICONSTOP "A newer version of ${NAME} is installed." /SD IDOK
      SetErrorLevel 4
      Quit
    ${EndIf}
  ${EndIf}
FunctionEnd

Section
  !insertmacro NotOpen "${COMMAND}"
  !insertmacro NotOpen "${WINDOW_COMMAND}"
  ; What an older version had and this one has not would be loaded beside the new.
  ${If} ${FileExists} "$INSTDIR\${COMMAND}.exe"
    RMDir /r "$INSTDIR\_internal"
  ${EndIf}
  SetOutPath "$INSTDIR"
  File /r "${SRC}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${WINDOW_COMMAND}.exe"

  WriteRegStr HKCU "${ROWS}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${ROWS}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${ROWS}" "VersionNumbers" "${NUMBERS}"
  WriteRegStr HKCU "${ROWS}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${ROWS}" "DisplayIcon" "$INSTDIR\${WINDOW_COMMAND}.exe"
  WriteRegStr HKCU "${ROWS}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${ROWS}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${ROWS}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  ${GetTime} "" "L" $0 $1 $2 $3 $4 $5 $6
  WriteRegStr HKCU "${ROWS}" "InstallDate" "$2$1$0"
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${ROWS}" "EstimatedSize" $0
  WriteRegDWORD HKCU "${ROWS}" "NoModify" 1
  WriteRegDWORD HKCU "${ROWS}" "NoRepair" 1
SectionEnd

Section "un.${NAME}" PROGRAM
  SectionIn RO
  !insertmacro NotOpen "${COMMAND}"
  !insertmacro NotOpen "${WINDOW_COMMAND}"
  Call un.Forget
  !include "${REMOVALS}"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey HKCU "${ROWS}"
SectionEnd

Section /o "un.Journal, settings and logs of this user" DATA
  RMDir /r "$LOCALAPPDATA\${COMMAND}"
SectionEnd

; With the data goes what the Credential Locker holds of it, which the program itself has to take out.
Function un.Forget
  ${If} ${SectionIsSelected} ${DATA}
    nsExec::ExecToLog '"$INSTDIR\${COMMAND}.exe" --home "$LOCALAPPDATA\${COMMAND}" --forget-secrets'
    Pop $0
    ${If} $0 != 0
      MessageBox MB_OK|MB_ICONSTOP "The Credential Locker refused to let go of the token and the keys. Nothing was removed." /SD IDOK
      SetErrorLevel 2
      Quit
    ${EndIf}
  ${EndIf}
FunctionEnd

Function un.onInit
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/PURGE" $1
  ${IfNot} ${Errors}
    !insertmacro SelectSection ${DATA}
  ${EndIf}
FunctionEnd
