#Requires -Version 4.0

<#
.SYNOPSIS
    Writes the configuration of an AD FS farm into a new folder, for adfslint.

.DESCRIPTION
    Read-only: it runs Get-* cmdlets, netsh and reg query, and changes nothing but the new folder. It installs no module,
    and talks to no other machine than those that you name with -ComputerName (and to Microsoft Graph with -Cloud, and to
    a domain controller for Get-ADForest and Get-ADTrust).

    Run it in an elevated Windows PowerShell:
      on the primary federation server          everything of the farm, and of this server
      on each other federation server           what differs between servers (or name them with -ComputerName)
      on each Web Application Proxy             what only the proxy knows
    Then copy the folders below "nodes" and "proxies" of the other runs into the folder of the first one.

    Every export is a JSON file and a CLIXML file of the same objects. Secrets are left out before anything is written:
    client secrets, credentials, and passwords in connection strings read <redacted>; of certificates only the public part
    is kept. manifest.json says what was written, what is empty, and which cmdlet does not exist here. Look at the files
    before you pass them on all the same: they tell much about your farm.

.PARAMETER Path
    The folder to write. It must not exist. Without it: snapshot-<farm or computer>-<time> in the current folder.

.PARAMETER ComputerName
    Other federation servers to read over PowerShell remoting.

.PARAMETER Proxy
    This computer is a Web Application Proxy. Found out by itself where the cmdlets of AD FS are missing.

.PARAMETER Cloud
    Also read the federated domains from Entra ID. Run Connect-MgGraph -Scopes Domain.Read.All before.

.EXAMPLE
    .\Export-AdfsFarm.ps1
    On the primary federation server.

.EXAMPLE
    .\Export-AdfsFarm.ps1 -ComputerName sts02.contoso.com, sts03.contoso.com
    On the primary federation server, for the others too.

.EXAMPLE
    .\Export-AdfsFarm.ps1 -Proxy
    On a Web Application Proxy.

.NOTES
    adfslint facts --init asks for what no command can export.
#>
[CmdletBinding()]
param(
    [string] $Path,
    [Alias('Computer')]
    [string[]] $ComputerName = @(),
    [switch] $Proxy,
    [switch] $Cloud
)

$ErrorActionPreference = 'Stop'
$Version = '1.0.0'
$Depth = 8
$Redacted = '<redacted>'
$Invariant = [Globalization.CultureInfo]::InvariantCulture
$Started = [DateTime]::UtcNow
$Files = New-Object System.Collections.ArrayList
$Nodes = New-Object System.Collections.ArrayList

# ---- Writing -------------------------------------------------------------------------------------------------------

# UTF-8 without byte order mark: the same bytes under every version of PowerShell.
function Write-NewFile([string] $File, [string] $Text) {
    $full = Join-Path $Path $File
    if (Test-Path -LiteralPath $full) { throw "$full is there already." }
    [void][IO.Directory]::CreateDirectory((Split-Path -Parent $full))
    [IO.File]::WriteAllText($full, $Text, (New-Object Text.UTF8Encoding $false))
}

# One row of the manifest, and one line on the screen.
function Add-Status([string] $File, [string] $Cmdlet, [string] $Node, [string] $Status, [int] $Count, [string] $Problem, [double] $Milliseconds) {
    $row = [ordered]@{ path = $File; cmdlet = $Cmdlet; node = $Node; status = $Status }
    $full = Join-Path $Path $File
    if (Test-Path -LiteralPath $full) {
        $row['count'] = $Count
        $row['encoding'] = 'utf-8'
        $row['depth'] = $Depth
        $row['bytes'] = (Get-Item -LiteralPath $full).Length
        $row['sha256'] = (Get-FileHash -LiteralPath $full -Algorithm SHA256).Hash.ToLowerInvariant()
    }
    $row['ms'] = [int]$Milliseconds
    if ($Problem) { $row['error'] = $Problem }
    [void]$Files.Add([pscustomobject]$row)
    Write-Host ('{0,-15} {1} {2}' -f $Status, $File, $Problem)
}

# ---- Objects as plain values, without secrets ----------------------------------------------------------------------

# A text without passwords. Claim rules stay as they are.
function Hide-Secret([string] $Name, [string] $Text) {
    if ($Name -match '^(client_?secret|password|pwd|credentials?|encryptedpfx|privatekey)$' -and $Text) { return $Redacted }
    if ($Name -match 'Rules$') { return $Text }
    $Text = $Text -replace '(?i)\b(password|pwd)\s*=\s*("[^"]*"|''[^'']*''|[^;]*)', ('$1=' + $Redacted)
    $Text -replace '(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)', $Redacted
}

# A certificate: what it says, and its public part.
function ConvertTo-PlainCertificate($Certificate) {
    [pscustomobject][ordered]@{
        Thumbprint         = $Certificate.Thumbprint
        Subject            = $Certificate.Subject
        Issuer             = $Certificate.Issuer
        NotBefore          = $Certificate.NotBefore.ToUniversalTime().ToString('o', $Invariant)
        NotAfter           = $Certificate.NotAfter.ToUniversalTime().ToString('o', $Invariant)
        SerialNumber       = $Certificate.SerialNumber
        KeyAlgorithm       = $Certificate.PublicKey.Oid.FriendlyName
        SignatureAlgorithm = $Certificate.SignatureAlgorithm.FriendlyName
        RawData            = [Convert]::ToBase64String($Certificate.RawData)
    }
}

# Names of enums, dates and time spans in one spelling, nested objects down to $Left levels.
function ConvertTo-Plain($Value, [string] $Name, [int] $Left) {
    if ($null -eq $Value) { return $null }
    if ($Value -is [string]) { return Hide-Secret $Name ($Value.ToString()) }
    if ($Value -is [Security.SecureString] -or $Value -is [Management.Automation.PSCredential] -or $Value -is [Net.NetworkCredential]) { return $Redacted }
    if ($Value -is [bool] -or $Value -is [decimal]) { return $Value }
    if ($Value -is [enum]) { return $Value.ToString() }
    if ($Value.GetType().IsPrimitive -and $Value -isnot [char]) { return $Value }
    if ($Value -is [DateTime]) { return $Value.ToUniversalTime().ToString('o', $Invariant) }
    if ($Value -is [TimeSpan]) { return $Value.ToString() }
    if ($Value -is [byte[]]) { return [Convert]::ToBase64String($Value) }
    if ($Value -is [Uri]) { return Hide-Secret $Name ($Value.OriginalString) }
    if ($Value -is [Guid] -or $Value -is [version] -or $Value -is [char] -or $Value -is [type]) { return $Value.ToString() }
    if ($Value -is [Security.Cryptography.X509Certificates.X509Certificate2]) { return ConvertTo-PlainCertificate $Value }
    if ($Left -le 0) { return Hide-Secret $Name "$Value" }
    if ($Value -is [Collections.IDictionary]) {
        $entries = [ordered]@{}
        foreach ($key in @($Value.Keys)) { $entries["$key"] = ConvertTo-Plain $Value[$key] "$key" ($Left - 1) }
        return $entries
    }
    if ($Value -is [Collections.Specialized.NameValueCollection]) {
        $entries = [ordered]@{}
        foreach ($key in $Value.AllKeys) { $entries["$key"] = Hide-Secret "$key" $Value[$key] }
        return $entries
    }
    if ($Value -is [Collections.IEnumerable]) {
        $items = New-Object System.Collections.ArrayList
        foreach ($item in $Value) { [void]$items.Add((ConvertTo-Plain $item $Name ($Left - 1))) }
        return , $items.ToArray() # the comma keeps a list of one a list
    }
    $record = [ordered]@{}
    foreach ($property in $Value.PSObject.Properties) {
        # What PowerShell itself adds to objects of WMI and of remote sessions.
        if ($property.Name -match '^(Cim(Class|InstanceProperties|SystemProperties)|PSComputerName|PSShowComputerName|RunspaceId)$') { continue }
        # A property that cannot be read is left out: adfslint takes it for unknown.
        try { $record[$property.Name] = ConvertTo-Plain $property.Value $property.Name ($Left - 1) } catch { Write-Verbose "$($property.Name): $_" }
    }
    $plain = [pscustomobject]$record
    $plain.PSObject.TypeNames.Insert(0, $Value.PSObject.TypeNames[0])
    $plain
}

# ---- Exports -------------------------------------------------------------------------------------------------------

# Runs a script block here, or on the server of that name.
function Invoke-Read([scriptblock] $Read, [string] $On) {
    if ($On) { Invoke-Command -ComputerName $On -ScriptBlock $Read } else { & $Read }
}

# Why a command gave nothing, in the words of the manifest.
function Get-FailureStatus($Failure) {
    if ($Failure.FullyQualifiedErrorId -like '*CommandNotFoundException*') { return 'cmdlet-missing' }
    # AD FS answers so on a secondary server of a farm with the Windows Internal Database.
    if ("$Failure" -match 'PS0033|secondary') { return 'not-applicable' }
    'error'
}

# Writes what a cmdlet prints as JSON and as CLIXML. What goes wrong is said in the manifest, and nothing stops.
function Save-Export([string] $Folder, [string] $Cmdlet, [scriptblock] $Read, [string] $On) {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $node = if ($On) { $On } else { $env:COMPUTERNAME }
    $objects = New-Object System.Collections.ArrayList
    try {
        foreach ($object in (Invoke-Read $Read $On)) { [void]$objects.Add((ConvertTo-Plain $object '' $Depth)) }
        Write-NewFile "$Folder/$Cmdlet.json" (ConvertTo-Json -InputObject @($objects.ToArray()) -Depth $Depth)
        $objects.ToArray() | Export-Clixml -LiteralPath (Join-Path $Path "$Folder/$Cmdlet.clixml") -Depth $Depth -Encoding UTF8
        $status = if ($objects.Count) { 'ok' } else { 'empty' }
        Add-Status "$Folder/$Cmdlet.json" $Cmdlet $node $status $objects.Count '' $clock.ElapsedMilliseconds
        Add-Status "$Folder/$Cmdlet.clixml" $Cmdlet $node $status $objects.Count '' $clock.ElapsedMilliseconds
    } catch {
        Add-Status "$Folder/$Cmdlet.json" $Cmdlet $node (Get-FailureStatus $_) 0 "$_" $clock.ElapsedMilliseconds
    }
}

# Writes the text that a program prints.
function Save-Text([string] $Folder, [string] $File, [scriptblock] $Read, [string] $On) {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $node = if ($On) { $On } else { $env:COMPUTERNAME }
    try {
        $lines = @(Invoke-Read $Read $On | ForEach-Object { "$_" })
        Write-NewFile "$Folder/$File" (($lines -join "`r`n") + "`r`n")
        # These always print something, unless they failed.
        $status = if ($lines.Count) { 'ok' } else { 'error' }
        Add-Status "$Folder/$File" $File $node $status $lines.Count '' $clock.ElapsedMilliseconds
    } catch {
        Add-Status "$Folder/$File" $File $node (Get-FailureStatus $_) 0 "$_" $clock.ElapsedMilliseconds
    }
}

# Writes the public part of certificates, one file each.
function Save-Certificate([string] $Folder, [scriptblock] $Read, [string] $On) {
    $node = if ($On) { $On } else { $env:COMPUTERNAME }
    try {
        foreach ($certificate in (Invoke-Read $Read $On | Sort-Object Thumbprint -Unique)) {
            $file = "$Folder/certs/$($certificate.Thumbprint).pem"
            $body = [Convert]::ToBase64String($certificate.RawData, [Base64FormattingOptions]::InsertLineBreaks)
            Write-NewFile $file "-----BEGIN CERTIFICATE-----`r`n$body`r`n-----END CERTIFICATE-----`r`n"
            Add-Status $file 'certs' $node 'ok' 1 '' 0
        }
    } catch {
        Add-Status "$Folder/certs" 'certs' $node (Get-FailureStatus $_) 0 "$_" 0
    }
}

# What a server is, for node.json and the manifest.
function Save-Node([string] $Folder, [string] $Kind, [string] $On) {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $fqdn = Split-Path -Leaf $Folder
    $row = [ordered]@{ fqdn = $fqdn; kind = $Kind; reached = $true }
    try {
        $node = Invoke-Read {
            $system = Get-CimInstance Win32_OperatingSystem
            $computer = Get-CimInstance Win32_ComputerSystem
            $service = Get-CimInstance Win32_Service -Filter "Name='adfssrv'"
            $module = Get-Module -ListAvailable ADFS | Select-Object -First 1
            $account = "$($service.StartName)"
            $kind = if (-not $account) { $null } elseif ($account -like '*$') { 'gmsa' } elseif ($account -match '^NT |^LocalSystem$') { 'system' } else { 'user' }
            $role = try { (Get-AdfsSyncProperties).Role } catch { $null }
            [pscustomobject]@{
                osCaption          = $system.Caption
                osBuild            = $system.Version
                culture            = (Get-Culture).Name
                timeZone           = [TimeZoneInfo]::Local.Id
                psVersion          = "$($PSVersionTable.PSVersion)"
                domainJoined       = $computer.PartOfDomain
                cpus               = $computer.NumberOfLogicalProcessors
                ramTotalGb         = [Math]::Round($computer.TotalPhysicalMemory / 1073741824, 1) # bytes
                ramFreeGb          = [Math]::Round($system.FreePhysicalMemory / 1048576, 1) # kilobytes
                drives             = @(Get-CimInstance Win32_LogicalDisk -Filter 'DriveType=3' | ForEach-Object { '{0} {1:N1} GB free' -f $_.DeviceID, ($_.FreeSpace / 1073741824) })
                hotfixes           = @(Get-HotFix | ForEach-Object { $_.HotFixID })
                serviceAccount     = $service.StartName
                serviceAccountKind = $kind
                moduleVersion      = "$($module.Version)"
                role               = "$role"
            }
        } $On
        $plain = ConvertTo-Plain $node '' $Depth
        Write-NewFile "$Folder/node.json" (ConvertTo-Json -InputObject $plain -Depth $Depth)
        foreach ($name in 'role', 'osBuild', 'culture', 'timeZone') { $row[$name] = $plain.$name }
        Add-Status "$Folder/node.json" 'node' $fqdn 'ok' 1 '' $clock.ElapsedMilliseconds
    } catch {
        $row['reached'] = $false
        $row['error'] = "$_"
        Add-Status "$Folder/node.json" 'node' $fqdn 'error' 0 "$_" $clock.ElapsedMilliseconds
    }
    [void]$Nodes.Add([pscustomobject]$row)
    $row['reached']
}

# What every server has, federation server or proxy.
function Save-Server([string] $Folder, [string] $On) {
    Save-Text $Folder 'netsh-http-show-sslcert.txt' { netsh http show sslcert } $On
    Save-Text $Folder 'schannel.reg' { reg query HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL /s } $On
    Save-Text $Folder 'dotnet-crypto.reg' {
        foreach ($root in 'SOFTWARE\Microsoft', 'SOFTWARE\Wow6432Node\Microsoft') {
            foreach ($version in 'v4.0.30319', 'v2.0.50727') {
                $key = "HKEY_LOCAL_MACHINE\$root\.NETFramework\$version"
                if (Test-Path "Registry::$key") { reg query $key /s }
            }
        }
    } $On
    Save-Text $Folder 'http-parameters.reg' { reg query HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\HTTP\Parameters /s } $On
    Save-Export $Folder 'Get-TlsCipherSuite' { Get-TlsCipherSuite } $On
    # Certificates that a binding names.
    Save-Certificate $Folder { $text = netsh http show sslcert | Out-String; Get-ChildItem Cert:\LocalMachine\My | Where-Object { $text -match $_.Thumbprint } } $On
}

# The full name of this computer, lower case, without asking the network.
function Get-FullName {
    $network = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
    ('{0}.{1}' -f $network.HostName, $network.DomainName).TrimEnd('.').ToLowerInvariant()
}

# ---- Where are we? -------------------------------------------------------------------------------------------------

$hasAdfs = [bool](Get-Command Get-AdfsProperties -ErrorAction SilentlyContinue)
$hasProxy = [bool](Get-Command Get-WebApplicationProxyConfiguration -ErrorAction SilentlyContinue)
if (-not $hasAdfs -and $hasProxy) { $Proxy = [switch]$true }
$hostName = $env:COMPUTERNAME.ToLowerInvariant()
if ($hasAdfs -and -not $Proxy) { try { $hostName = (Get-AdfsProperties).HostName } catch { Write-Verbose "$_" } }
$principal = New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())
$elevated = $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
if (-not $elevated) { Write-Warning 'Not elevated: some commands will fail.' }
if (-not $Path) { $Path = Join-Path (Get-Location).ProviderPath ('snapshot-{0}-{1}' -f $hostName, $Started.ToString('yyyyMMddTHHmmssZ', $Invariant)) }
$Path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
if (Test-Path -LiteralPath $Path) { throw "$Path is there already, and nothing is overwritten. Name another folder with -Path." }
[void][IO.Directory]::CreateDirectory($Path)

# ---- The farm, from the primary federation server ------------------------------------------------------------------

if (-not $Proxy) {
    Save-Export 'farm' 'Get-AdfsProperties' { Get-AdfsProperties }
    Save-Export 'farm' 'Get-AdfsRelyingPartyTrust' { Get-AdfsRelyingPartyTrust }
    Save-Export 'farm' 'Get-AdfsNonClaimsAwareRelyingPartyTrust' { Get-AdfsNonClaimsAwareRelyingPartyTrust }
    Save-Export 'farm' 'Get-AdfsWebApplicationProxyRelyingPartyTrust' { Get-AdfsWebApplicationProxyRelyingPartyTrust }
    Save-Export 'farm' 'Get-AdfsClaimsProviderTrust' { Get-AdfsClaimsProviderTrust }
    Save-Export 'farm' 'Get-AdfsLocalClaimsProviderTrust' { Get-AdfsLocalClaimsProviderTrust }
    Save-Export 'farm' 'Get-AdfsClaimDescription' { Get-AdfsClaimDescription }
    Save-Export 'farm' 'Get-AdfsAttributeStore' { Get-AdfsAttributeStore }
    Save-Export 'farm' 'Get-AdfsAccessControlPolicy' { Get-AdfsAccessControlPolicy }
    Save-Export 'farm' 'Get-AdfsApplicationGroup' { Get-AdfsApplicationGroup }
    Save-Export 'farm' 'Get-AdfsWebApiApplication' { Get-AdfsWebApiApplication }
    Save-Export 'farm' 'Get-AdfsServerApplication' { Get-AdfsServerApplication }
    Save-Export 'farm' 'Get-AdfsNativeClientApplication' { Get-AdfsNativeClientApplication }
    Save-Export 'farm' 'Get-AdfsApplicationPermission' { Get-AdfsApplicationPermission }
    Save-Export 'farm' 'Get-AdfsClient' { Get-AdfsClient }
    Save-Export 'farm' 'Get-AdfsScopeDescription' { Get-AdfsScopeDescription }
    Save-Export 'farm' 'Get-AdfsGlobalAuthenticationPolicy' { Get-AdfsGlobalAuthenticationPolicy }
    Save-Export 'farm' 'Get-AdfsAdditionalAuthenticationRule' { Get-AdfsAdditionalAuthenticationRule }
    Save-Export 'farm' 'Get-AdfsAuthenticationProvider' { Get-AdfsAuthenticationProvider }
    Save-Export 'farm' 'Get-AdfsAuthenticationProviderWebContent' { Get-AdfsAuthenticationProviderWebContent }
    Save-Export 'farm' 'Get-AdfsAzureMfaConfigured' { Get-AdfsAzureMfaConfigured }
    Save-Export 'farm' 'Get-AdfsWebConfig' { Get-AdfsWebConfig }
    Save-Export 'farm' 'Get-AdfsCertificate' { Get-AdfsCertificate }
    Save-Export 'farm' 'Get-AdfsCertificateAuthority' { Get-AdfsCertificateAuthority }
    Save-Export 'farm' 'Get-AdfsEndpoint' { Get-AdfsEndpoint }
    Save-Export 'farm' 'Get-AdfsFarmInformation' { Get-AdfsFarmInformation }
    Save-Export 'farm' 'Get-AdfsDeviceRegistration' { Get-AdfsDeviceRegistration }
    Save-Export 'farm' 'Get-AdfsDeviceRegistrationUpnSuffix' { Get-AdfsDeviceRegistrationUpnSuffix }
    Save-Export 'farm' 'Get-AdfsResponseHeaders' { Get-AdfsResponseHeaders }
    Save-Export 'farm' 'Get-AdfsDirectoryProperties' { Get-AdfsDirectoryProperties }
    Save-Certificate 'farm' { Get-AdfsCertificate | ForEach-Object { $_.Certificate } }
    Save-Export 'directory' 'Get-ADForest' { Get-ADForest }
    Save-Export 'directory' 'Get-ADTrust' { Get-ADTrust -Filter * }
}

# ---- Every federation server: this one, and those that were named --------------------------------------------------

if (-not $Proxy) {
    foreach ($server in @('') + @($ComputerName | Where-Object { $_ })) {
        $folder = 'nodes/' + $(if ($server) { $server.ToLowerInvariant() } else { Get-FullName })
        if (-not (Save-Node $folder 'federation' $server)) { continue }
        Save-Export $folder 'Get-AdfsSyncProperties' { Get-AdfsSyncProperties } $server
        Save-Export $folder 'Get-AdfsSslCertificate' { Get-AdfsSslCertificate } $server
        Save-Text $folder 'Microsoft.IdentityServer.Servicehost.exe.config' { Get-Content -LiteralPath "$env:windir\ADFS\Microsoft.IdentityServer.Servicehost.exe.config" } $server
        Save-Server $folder $server
    }
}

# ---- A Web Application Proxy: this one -----------------------------------------------------------------------------

if ($Proxy) {
    $folder = 'proxies/' + (Get-FullName)
    [void](Save-Node $folder 'proxy')
    Save-Export $folder 'Get-WebApplicationProxyConfiguration' { Get-WebApplicationProxyConfiguration }
    Save-Export $folder 'Get-WebApplicationProxyApplication' { Get-WebApplicationProxyApplication }
    Save-Export $folder 'Get-WebApplicationProxySslCertificate' { Get-WebApplicationProxySslCertificate }
    Save-Export $folder 'Get-WebApplicationProxyHealth' { Get-WebApplicationProxyHealth }
    Save-Server $folder
}

# ---- Entra ID, with an open Graph session --------------------------------------------------------------------------

if ($Cloud) {
    $domains = @(try { Get-MgDomain | Where-Object { $_.AuthenticationType -eq 'Federated' } | ForEach-Object { $_.Id } } catch { Write-Warning "Get-MgDomain: $_" })
    foreach ($domain in $domains) {
        Save-Export "cloud/$domain" 'Get-MgDomainFederationConfiguration' { Get-MgDomainFederationConfiguration -DomainId $domain }
    }
}

# ---- What was written ----------------------------------------------------------------------------------------------

$manifest = [ordered]@{
    schema     = 'adfs-snapshot/1'
    createdUtc = $Started.ToString('yyyy-MM-ddTHH:mm:ssZ', $Invariant)
    collector  = [ordered]@{
        name      = 'Export-AdfsFarm.ps1'
        version   = $Version
        sha256    = if ($PSCommandPath) { (Get-FileHash -LiteralPath $PSCommandPath -Algorithm SHA256).Hash.ToLowerInvariant() } else { $null }
        psVersion = "$($PSVersionTable.PSVersion)"
        elevated  = $elevated
    }
    farm       = [ordered]@{ hostName = $hostName }
    redaction  = [ordered]@{ applied = $true; rules = @('ClientSecret', 'connectionString', 'credential', 'privateKey') }
    nodes      = $Nodes.ToArray()
    files      = $Files.ToArray()
}
Write-NewFile 'manifest.json' (ConvertTo-Json -InputObject $manifest -Depth $Depth)
Write-Host ''
Write-Host ('{0} files in {1}' -f @($Files | Where-Object { $_.status -eq 'ok' -or $_.status -eq 'empty' }).Count, $Path)
Write-Host ('Look at them, then: adfslint check "{0}"' -f $Path)
