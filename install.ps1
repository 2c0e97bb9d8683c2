<#
.SYNOPSIS
Installs rdsiam for this user, from the binaries of its releases.

.DESCRIPTION
    irm https://github.com/rdsiam/rdsiam/releases/latest/download/install.ps1 | iex
    .\install.ps1 -Version 0.1.0 -Dir "$HOME\bin"

Works in Windows PowerShell 5.1 and in PowerShell 7; needs no administrator. Nothing is put in its place before it was
downloaded whole, its SHA-256 was found in the release's SHA256SUMS, and it ran.

RDSIAM_DOWNLOAD_URL: a mirror of https://github.com/rdsiam/rdsiam/releases, laid out alike.

.PARAMETER Version
The version to install; by default the latest.

.PARAMETER Dir
Where to put it; by default .local\bin in your home folder.
#>
[CmdletBinding()]
param(
    [string]$Version = "latest",
    [string]$Dir = (Join-Path $HOME ".local\bin")
)

# All is in functions that the last line calls: a script that was cut off on its way does nothing. Errors are thrown, since
# "exit" would close the window of somebody who pipes the script into iex.

function Get-RdsiamFile([string]$Url, [string]$File) {
    try {
        Invoke-WebRequest -UseBasicParsing -Uri $Url -OutFile $File -TimeoutSec 600
    } catch {
        throw "Download failed: ${Url}: $($_.Exception.Message). Check the version and the network"
    }
}

# The first line of SHA256SUMS whose name matches.
function Find-RdsiamChecksum([string]$File, [string]$Pattern) {
    foreach ($line in Get-Content -LiteralPath $File) {
        if ($line -match "^([0-9A-Fa-f]{64}) [ *]($Pattern)$") {
            return @{ Hash = $Matches[1]; Name = $Matches[2]; Version = $Matches["version"] }
        }
    }
    throw "The release has no binary for this machine. See https://github.com/rdsiam/rdsiam/releases"
}

function Install-Rdsiam([string]$Version, [string]$Dir) {
    $ErrorActionPreference = "Stop"
    $ProgressPreference = "SilentlyContinue" # drawing it makes Windows PowerShell's downloads many times slower
    [Net.ServicePointManager]::SecurityProtocol =
        [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

    if ($env:OS -ne "Windows_NT") {
        throw "This script is for Windows. Elsewhere: curl -fsSL https://github.com/rdsiam/rdsiam/releases/latest/download/install.sh | sh"
    }
    if (-not [Environment]::Is64BitOperatingSystem) {
        throw "There is no rdsiam for a 32-bit Windows"
    }
    # Windows on ARM runs the same binary.
    $target = "x86_64-pc-windows-msvc"

    $releases = "https://github.com/rdsiam/rdsiam/releases"
    if ($env:RDSIAM_DOWNLOAD_URL) { $releases = $env:RDSIAM_DOWNLOAD_URL.TrimEnd("/") }
    if ($releases -notmatch "^(https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/])") {
        throw "RDSIAM_DOWNLOAD_URL is not an HTTPS URL. Give it as https://...; http: is for a server of this machine alone"
    }
    $Version = $Version -replace "^v", ""
    if ($Version -ne "latest" -and $Version -notmatch "^[0-9][0-9A-Za-z.+-]*$") {
        throw "The -Version is not valid. Give it as 0.1.0"
    }

    $Dir = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Dir)
    New-Item -ItemType Directory -Force -Path $Dir | Out-Null
    # In the same volume as the place it goes to, so that it is put there at once.
    $work = Join-Path $Dir (".rdsiam-install." + [Guid]::NewGuid().ToString("N"))
    New-Item -ItemType Directory -Path $work | Out-Null
    try {
        # The checksums carry the version in their files' names, which is how the latest one is learnt.
        $sums = Join-Path $work "SHA256SUMS"
        if ($Version -eq "latest") {
            Get-RdsiamFile "$releases/latest/download/SHA256SUMS" $sums
            $pattern = "rdsiam-(?<version>[0-9][0-9A-Za-z.+-]*)-$target\.zip"
        } else {
            Get-RdsiamFile "$releases/download/v$Version/SHA256SUMS" $sums
            $pattern = "rdsiam-(?<version>$([Regex]::Escape($Version)))-$target\.zip"
        }
        $asset = Find-RdsiamChecksum $sums $pattern
        $found = $asset.Version

        Write-Host "Downloading rdsiam $found for $target"
        $archive = Join-Path $work $asset.Name
        Get-RdsiamFile "$releases/download/v$found/$($asset.Name)" $archive
        $hash = (Get-FileHash -Algorithm SHA256 -LiteralPath $archive).Hash
        if ($hash -ne $asset.Hash) {
            throw "The download is damaged: its SHA-256 is not the one in SHA256SUMS. Try again; if it stays so, tell https://github.com/rdsiam/rdsiam/issues"
        }

        Expand-Archive -LiteralPath $archive -DestinationPath (Join-Path $work "unpacked")
        $new = Join-Path $work "unpacked\rdsiam.exe"
        $answer = & $new --version
        if ($LASTEXITCODE -ne 0) { throw "The binary does not run on this machine, and was not installed" }
        if ($answer -ne "rdsiam $found") { throw "The binary says that it is ""$answer"", not rdsiam $found" }

        # A program that runs cannot be replaced, but it can be renamed.
        $program = Join-Path $Dir "rdsiam.exe"
        $old = Join-Path $Dir "rdsiam.exe.old"
        Remove-Item -LiteralPath $old -Force -ErrorAction SilentlyContinue
        $hadOld = Test-Path -LiteralPath $program
        if ($hadOld) { Move-Item -LiteralPath $program -Destination $old -Force }
        try {
            Move-Item -LiteralPath $new -Destination $program
        } catch {
            if ($hadOld) { Move-Item -LiteralPath $old -Destination $program }
            throw
        }
        # Still there while it runs; the next installation or upgrade removes it.
        Remove-Item -LiteralPath $old -Force -ErrorAction SilentlyContinue
        Write-Host "Installed: $program ($answer)"
    } finally {
        Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction SilentlyContinue
    }

    if (($env:Path -split ";") -notcontains $Dir) {
        Write-Host "hint: Folder $Dir is not on PATH; add it for new windows:"
        Write-Host "  [Environment]::SetEnvironmentVariable('Path', [Environment]::GetEnvironmentVariable('Path', 'User') + ';$Dir', 'User')"
    }
}

Install-Rdsiam -Version $Version -Dir $Dir
