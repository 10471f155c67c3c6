#Requires -Module AdfsDsc
<#
    .SYNOPSIS
        The federation service of Contoso.
#>
[CmdletBinding()]
param (
    [Parameter()]
    [System.String]
    $OutputPath = '.\mof'
)

Configuration ContosoFarm
{
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Management.Automation.PSCredential]
        $ServiceAccountCredential
    )

    Import-DscResource -ModuleName PSDesiredStateConfiguration
    Import-DscResource -ModuleName AdfsDsc -ModuleVersion 1.3.0

    Node $AllNodes.Where{ $_.Role -eq 'Primary' }.NodeName
    {
        WindowsFeature InstallAdfs
        {
            Name = 'ADFS-Federation'
        }

        AdfsFarm Contoso
        {
            FederationServiceName        = 'sts.contoso.com'
            FederationServiceDisplayName = 'Contoso ''intern'''
            CertificateThumbprint        = $Node.CertificateThumbprint
            ServiceAccountCredential     = $ServiceAccountCredential
            DependsOn                    = '[WindowsFeature]InstallAdfs'
        }

        AdfsProperties Contoso
        {
            FederationServiceName        = 'sts.contoso.com'
            EnableExtranetLockout        = $true    # decided in 2024
            ExtranetLockoutThreshold     = 10
            ExtranetObservationWindow    = '00:30:00'
            ExtendedProtectionTokenCheck = 'Allow'
            AuditLevel                   = 'Verbose'
            LogLevel                     = 'Errors', 'SuccessAudits',
                                           'FailureAudits'
            AcceptableIdentifiers        = @()
            SSOLifetime                  = 60 * 8
            DependsOn                    = '[AdfsFarm]Contoso'
        }

        AdfsContactPerson Contoso
        {
            FederationServiceName = 'sts.contoso.com'
            Company               = 'Contoso'
            EmailAddress          = @('support@contoso.com')
            TelephoneNumber       = @('+49 30 0000', $Node.Telephone)
        }

        AdfsRelyingPartyTrust Expense
        {
            Name                    = 'Fabrikam Expense'
            Enabled                 = $true
            Identifier              = 'https://expense.fabrikam.com/saml', 'https://expense-dr.fabrikam.com/saml'
            Notes                   = "Owner: $($Node.Owner)"
            AccessControlPolicyName = "Permit everyone"
            SamlEndpoint            = @(
                MSFT_AdfsSamlEndpoint
                {
                    Binding   = 'POST'
                    Protocol  = 'SAMLAssertionConsumer'
                    Uri       = 'https://expense.fabrikam.com/saml/acs'
                    Index     = 0
                    IsDefault = $true
                }
                MSFT_AdfsSamlEndpoint { Binding = 'Redirect'; Protocol = 'SAMLLogout'; Uri = 'https://expense.fabrikam.com/saml/slo' }
            )
            IssuanceTransformRules  = @(
                MSFT_AdfsIssuanceTransformRule
                {
                    TemplateName   = 'LdapClaims'
                    Name           = 'Mail'
                    AttributeStore = 'Active Directory'
                    LdapMapping    = @(
                        MSFT_AdfsLdapMapping
                        {
                            LdapAttribute     = 'mail'
                            OutgoingClaimType = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress'
                        }
                        MSFT_AdfsLdapMapping
                        {
                            LdapAttribute     = 'displayName'
                            OutgoingClaimType = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name'
                        }
                    )
                }
                MSFT_AdfsIssuanceTransformRule
                {
                    TemplateName = 'CustomClaims'
                    Name         = 'Cost centre'
                    CustomRule   = @'
c:[Type == "http://schemas.microsoft.com/ws/2008/06/identity/claims/groupsid", Value =~ "^(?i)S-1-5-21-1-2-3-2601$"]
 => issue(Type = "http://schemas.fabrikam.example/claims/costcentre", Value = "R&D's");
'@
                }
            )
        }

        AdfsRelyingPartyTrust Old
        {
            Name   = 'Old portal'
            Ensure = 'Absent'
        }

        foreach ($wiki in $Node.Wikis)
        {
            AdfsRelyingPartyTrust $wiki.Name
            {
                Name = $wiki.Name
            }
        }

        AdfsGlobalAuthenticationPolicy Contoso
        {
            FederationServiceName                 = 'sts.contoso.com'
            PrimaryIntranetAuthenticationProvider = 'WindowsAuthentication', 'FormsAuthentication'
            PrimaryExtranetAuthenticationProvider = 'FormsAuthentication'
            WindowsIntegratedFallbackEnabled      = $true
        }

        AdfsApplicationGroup Shop
        {
            Name = 'Shop'
        }

        AdfsNativeClientApplication ShopApp
        {
            Name                       = 'Shop app'
            ApplicationGroupIdentifier = 'Shop'
            Identifier                 = '0d3f2ab6-0c35-4b5c-9b6b-0a4a2a2f7a10'
            RedirectUri                = 'http://shop.contoso.com/app'
            DependsOn                  = '[AdfsApplicationGroup]Shop'
        }

        AdfsClaimDescription CostCentre
        {
            Name      = 'Cost centre'
            ClaimType = 'http://schemas.fabrikam.example/claims/costcentre'
            IsOffered = $true
        }
    }

    Node STS02
    {
        AdfsFarmNode Contoso
        {
            FederationServiceName = 'sts.contoso.com'
        }
    }
}

ContosoFarm -OutputPath $OutputPath -ConfigurationData .\ContosoFarm.psd1
